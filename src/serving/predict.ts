import { MarqueeError } from '../errors.ts'
import type { Basis } from '../model/scorer.ts'
import { type Rater, raterOf } from './rater.ts'
import type { Snapshot } from './snapshot.ts'

export type Pair = { userId: string; movieId: string }
export type Prediction = { movieId: string; rating: number; basis: Basis }
/** What a batch says of a movie that nobody knows: it does not spoil the others. */
export type UnknownMovie = { movieId: string; error: 'unknown-movie' }

/**
 * The rating in stars that the model expects. A movie that only the catalogue knows gets what is known
 * of the user, or the mean; a movie that neither knows is an `unknown-movie` error.
 */
export function predict(snapshot: Snapshot, { userId, movieId }: Pair): Pair & Prediction {
  const prediction = findPrediction(snapshot, raterOf(snapshot, userId), movieId)
  if (prediction) return { userId, ...prediction }
  throw new MarqueeError(
    'unknown-movie',
    `Neither the model nor the catalogue knows movie ${JSON.stringify(movieId)}.`,
  )
}

/** One answer for each pair, in their order. */
export function predictBatch(
  snapshot: Snapshot,
  pairs: readonly Pair[],
): (Pair & (Prediction | UnknownMovie))[] {
  return pairs.map(({ userId, movieId }) => {
    return { userId, ...predictionOf(snapshot, raterOf(snapshot, userId), movieId) }
  })
}

/** One answer for each movie, in their order, for one person. */
export function predictFor(
  snapshot: Snapshot,
  rater: Rater,
  movieIds: readonly string[],
): (Prediction | UnknownMovie)[] {
  return movieIds.map((movieId) => predictionOf(snapshot, rater, movieId))
}

function predictionOf(
  snapshot: Snapshot,
  rater: Rater,
  movieId: string,
): Prediction | UnknownMovie {
  return findPrediction(snapshot, rater, movieId) ?? { movieId, error: 'unknown-movie' }
}

function findPrediction(
  { model, catalogue }: Snapshot,
  rater: Rater,
  movieId: string,
): Prediction | null {
  const movie = model.movies.indexOf(movieId)
  if (movie < 0 && !catalogue.find(movieId)) return null
  return { movieId, ...rater.predict(movie) }
}
