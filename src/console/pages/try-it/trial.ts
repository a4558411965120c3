import {
  dataOf,
  ProblemError,
  randomKey,
  type Schemas,
} from '../../../../clients/typescript/src/client.ts'
import { api } from '../../state/session.ts'

export type Told = { readonly movieId: string; readonly rating: number }

/** Whose list it is: somebody known, or whoever gave these ratings. */
export type Trial = { readonly userId: string } | { readonly ratings: readonly Told[] }

export type Interval = { readonly lowest: number; readonly highest: number }

/** What is likely to suit somebody, far enough down to say where a movie came from. */
export type Suggestions = Omit<Schemas['Recommendations'], 'items'> & {
  readonly items: readonly (Schemas['Recommendations']['items'][number] & {
    readonly interval: Interval | null
  })[]
}

/** Of ten, as many as lie in the intervals that are shown. */
export const level = 0.8
/** So many are shown, */
export const shownCount = 12
/** and so many are asked for. */
const askedCount = 50

/** A user whom nobody knows: the list of such a one is what is liked in general. */
const nobody = randomKey()

/** The list and, of what is shown of it, how sure each prediction is. */
export async function suggest(trial: Trial, signal: AbortSignal): Promise<Suggestions> {
  const who =
    'ratings' in trial
      ? trial.ratings.length > 0
        ? { ratings: [...trial.ratings] }
        : { userId: nobody }
      : trial
  const body = { ...who, n: askedCount, explain: true }
  const list = await dataOf(api.POST('/v1/recommendations', { body, signal }))
  const movieIds = list.items.slice(0, shownCount).map(({ movieId }) => movieId)
  const intervals = await intervalsOf({ ...who, movieIds }, signal)
  return {
    ...list,
    items: list.items.map((item) => ({ ...item, interval: intervals.get(item.movieId) ?? null })),
  }
}

/** Empty for a model without intervals, as one is that was trained with nothing held out. */
async function intervalsOf(
  asked: Schemas['PredictionRequest'],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Interval>> {
  if (asked.movieIds?.length === 0) return new Map()
  try {
    const body = { ...asked, interval: level }
    const answered = await dataOf(api.POST('/v1/predictions', { body, signal }))
    const items = 'items' in answered ? answered.items : []
    return new Map(
      items.flatMap(({ movieId, interval }) => (interval ? [[movieId, interval]] : [])),
    )
  } catch (error) {
    if (error instanceof ProblemError && error.problem?.code === 'no-intervals') return new Map()
    throw error
  }
}
