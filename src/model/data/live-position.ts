import { z } from 'zod'

/** An event told live: `epoch` is the lifetime of a Redis, in which `seq` counts from 1. */
export const livePositionSchema = z
  .object({ epoch: z.string(), seq: z.int() })
  .meta({ id: 'LivePosition' })
