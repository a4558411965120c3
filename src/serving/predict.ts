import { MarqueeError } from '../errors.ts'
import type { Interval } from '../model/intervals.ts'
import { type Basis, basisOf } from '../model/scorer.ts'
import { intervalOf } from './interval.ts'
import type { Snapshot } from './snapshot.ts'

export type Pair = { userId: string; movieId: string }
export type Prediction = Pair & { rating: number; basis: Basis; interval?: Interval }
/** One answer of a batch: a movie that nobody knows does not spoil the others. */
export type BatchAnswer = Prediction | (Pair & { error: 'unknown-movie' })

/**
 * The rating in stars that the model expects. A movie that only the catalogue knows gets what is known
 * of the user, or the mean; a movie that neither knows is an `unknown-movie` error. With a level the
 * rating has an interval, or a `no-intervals` error says that the model has none.
 */
export function predict(snapshot: Snapshot, pair: Pair, level?: number): Prediction {
  const prediction = findPrediction(snapshot, pair, level)
  if (prediction) return prediction
  const { movieId } = pair
  throw new MarqueeError(
    'unknown-movie',
    `Neither the model nor the catalogue knows movie ${JSON.stringify(movieId)}.`,
  )
}

/** One answer for each pair, in their order; a level asks for intervals, as of `predict`. */
export function predictBatch(
  snapshot: Snapshot,
  pairs: readonly Pair[],
  level?: number,
): BatchAnswer[] {
  return pairs.map(
    (pair) => findPrediction(snapshot, pair, level) ?? { ...pair, error: 'unknown-movie' as const },
  )
}

function findPrediction(
  { model, scorer, catalogue }: Snapshot,
  { userId, movieId }: Pair,
  level: number | undefined,
): Prediction | null {
  const user = model.users.indexOf(userId)
  const movie = model.movies.indexOf(movieId)
  if (movie < 0 && !catalogue.find(movieId)) return null
  // Single precision, as in the lists, so that a movie has one rating wherever it is asked for.
  const rating = Math.fround(scorer.predict(user, movie))
  const prediction = { userId, movieId, rating, basis: basisOf(user, movie) }
  if (level === undefined) return prediction
  return { ...prediction, interval: intervalOf(model, { user, movie }, rating, level) }
}
