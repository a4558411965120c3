import { z } from 'zod'
import { arms } from '../../model/experiments/experiment.ts'

/** Members that several answers share. */
export const modelField = z
  .string()
  .meta({ id: 'ModelVersion', description: 'The version of the model that answered.' })
export const experimentField = z
  .object({ name: z.string(), arm: z.enum(arms) })
  .meta({
    id: 'ExperimentArm',
    description: 'While an experiment runs: its name, and the arm that answered.',
  })
  .optional()
export const ratingSchema = z
  .number()
  .describe('In rating units, within their scale; to four decimals on a scale of 1 to 5.')
export const basisSchema = z
  .enum(['trained', 'folded-in', 'movie-bias', 'user-bias', 'global-mean', 'new-movie'])
  .meta({
    id: 'Basis',
    description:
      'What it rests on: the trained pair, the ratings that came with the question, what is known of the movie, the user or neither, or of a movie that the model does not know its attributes and first ratings.',
  })

export const intervalSchema = z
  .object({
    level: z.number().describe('The level that was asked for.'),
    lowest: z.number(),
    highest: z.number(),
  })
  .meta({
    id: 'Interval',
    description:
      "Where the rating lies with that probability, by the model's errors on held-out ratings of users and movies with about as many ratings; only where a level was asked for.",
  })
/** Lists that have pages. */
export const nextCursorField = z
  .string()
  .nullable()
  .meta({ id: 'NextCursor', description: 'Asks for the next page; null on the last.' })

/** A list that an answer only reads: the room it comes from need not give away its own. */
export function listOf<Item extends z.ZodType>(item: Item): z.ZodType<readonly z.output<Item>[]> {
  return z.array(item)
}

/** Lines of a file that were not taken. */
export const refusalsField = listOf(
  z.object({ line: z.int(), reason: z.string() }).meta({ id: 'RefusedLine' }),
).describe('The first of them, with their numbers from 1.')

/** What a movie is called, as large tables show it. */
export const movieTitle = {
  movieId: z.string(),
  title: z.string().nullable().describe('Null when the catalogue does not know the movie.'),
  displayTitle: z.string().nullable(),
}

// Named, so that openapi.yaml says it once.
z.object(movieTitle).meta({ id: 'MovieTitle' })

export const movieSchema = z
  .object({
    ...movieTitle,
    year: z.int().nullable(),
    genres: listOf(z.string()),
  })
  .meta({ id: 'Movie' })
