import { z } from 'zod'

/** The longest id of a user or a movie, in UTF-16 units. */
export const maxIdLength = 128

/** An id that is asked for; any text may be one, and one that is not known is answered as such. */
export const idSchema = z.string().min(1).max(maxIdLength)
