import { z } from 'zod'
import { idSchema } from '../data/ids.ts'
import { listOrders } from '../ranker.ts'

export const genreNames = z.array(z.string().min(1).max(100)).max(50)

const maxIds = 1_000
const many = 1_000_000_000
type Bounds = { min: number; max: number }

/** The notation of values of each kind in one part of a request. */
export type Notation = {
  integer(bounds: Bounds): z.ZodType<number>
  decimal(bounds: Bounds): z.ZodType<number>
  flag: z.ZodType<boolean>
  list<Item>(items: z.ZodType<Item[]>): z.ZodType<Item[]>
  listNote: string
}

const inBody: Notation = {
  integer: ({ min, max }) => z.int().min(min).max(max),
  decimal: ({ min, max }) => z.number().min(min).max(max),
  flag: z.boolean(),
  list: (items) => items,
  listNote: '',
}

/** Filters of the movies that a list shows. */
export function filtersIn({ integer, list, listNote }: Notation) {
  const year = () => integer({ min: 0, max: 9_999 }).optional()
  return {
    genres: list(genreNames)
      .optional()
      .describe(`Only movies of any of these genres, in any case${listNote}.`),
    yearFrom: year().describe('Only movies of this year or later.'),
    yearTo: year().describe('Only movies of this year or earlier.'),
    minRatings: integer({ min: 0, max: many })
      .default(0)
      .describe('Only movies with at least so many ratings behind the model.'),
  }
}

/** The parameters of a list of movies. */
export function parametersIn(notation: Notation) {
  const { integer, decimal, flag, list, listNote } = notation
  const ids = () => list(z.array(idSchema).max(maxIds)).optional()
  return {
    n: integer({ min: 1, max: 100 }).default(10).describe('How many on a page.'),
    orderBy: z
      .enum(listOrders)
      .default('relevance')
      .describe(
        '"relevance": how likely the user is to watch and like the movie, by the ranking part of the model; "rating": the predicted rating, which puts little known movies first.',
      ),
    excludeRated: flag.default(true).describe('Leave out what the user has rated.'),
    excludeDisliked: flag
      .default(true)
      .describe(
        'Leave out movies whose predicted rating is more than half a star (an eighth of the scale) under the mean rating of the user, who may well watch, but hardly like them; not of `candidateMovieIds`, nor with `excludeRated=false`.',
      ),
    excludeMovieIds: ids().describe(
      `Leave these out${listNote}; an id that is not known leaves nothing out.`,
    ),
    candidateMovieIds: ids().describe(
      `Put these in order, and show no others${listNote}; what excludes and filters applies to them too, and those that the model does not know are named in \`unknownMovieIds\`.`,
    ),
    ...filtersIn(notation),
    diversity: decimal({ min: 0, max: 1 })
      .default(0)
      .describe(
        'By how much a movie falls for being like those before it (maximal marginal relevance on the movie factors, among the 500 best): 0 is the order by score alone.',
      ),
    explain: flag
      .default(false)
      .describe('Name with each movie the ratings of the user that speak most for it.'),
    cursor: z
      .string()
      .max(1_024)
      .optional()
      .describe(
        'The `nextCursor` of the page before, with the same question; it ends with the model, or catalogue, that the list is from.',
      ),
  }
}

/** The parameters of a list of movies in a JSON body. */
export const bodyParameters = parametersIn(inBody)
