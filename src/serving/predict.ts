import { MarqueeError } from '../errors.ts'
import type { Interval } from '../model/intervals.ts'
import type { Basis } from '../model/scorer.ts'
import { intervalOf } from './interval.ts'
import { type RatingProfile, ratingProfileOf } from './profile.ts'
import type { Snapshots } from './serving.ts'
import { answeredBy, type Snapshot } from './snapshot.ts'

export type Pair = { userId: string; movieId: string }
export type Prediction = { movieId: string; rating: number; basis: Basis; interval?: Interval }
/** The entry of a batch for a movie that nobody knows: it does not spoil the others. */
export type UnknownMovie = { movieId: string; error: 'unknown-movie' }

/**
 * The rating in rating units that the model expects. A movie that only the catalogue knows gets what is
 * known of the user, or the mean; a movie that neither knows is an `unknown-movie` error. With a
 * level the rating has an interval, or a `no-intervals` error says that the model has none.
 */
export async function predict(
  snapshot: Snapshot,
  { userId, movieId }: Pair,
  level?: number,
): Promise<Pair & Prediction> {
  const profile = await ratingProfileOf(snapshot, userId)
  const prediction = findPrediction(snapshot, profile, movieId, level)
  if (prediction) return { userId, ...prediction }
  throw new MarqueeError(
    'unknown-movie',
    `Neither the model nor the catalogue knows movie ${JSON.stringify(movieId)}.`,
  )
}

/** What became of one of many pairs; in an experiment with who answered. */
export type PairAnswer = Pair & (Prediction | UnknownMovie) & Partial<ReturnType<typeof answeredBy>>

/** One answer for each pair, in their order; a level asks for intervals, as of `predict`. */
export async function predictBatch(
  snapshots: Snapshots,
  pairs: readonly Pair[],
  level?: number,
): Promise<PairAnswer[]> {
  const changed = new Map<string, RatingProfile>()
  const items: PairAnswer[] = []
  for (const { userId, movieId } of pairs) {
    const snapshot = snapshots(userId)
    let profile = changed.get(userId) ?? ratingProfileOf(snapshot, userId)
    if (profile instanceof Promise) {
      profile = await profile
      changed.set(userId, profile)
    }
    const found = predictionOf(snapshot, profile, movieId, level)
    // Written out: a spread costs more than the prediction.
    items.push(
      'error' in found || found.interval || snapshot.experiment
        ? { userId, ...found, ...(snapshot.experiment && answeredBy(snapshot)) }
        : { userId, movieId, rating: found.rating, basis: found.basis },
    )
  }
  return items
}

/** One answer for each movie, in their order, for one profile; a level as of `predict`. */
export function predictFor(
  snapshot: Snapshot,
  profile: RatingProfile,
  movieIds: readonly string[],
  level?: number,
): (Prediction | UnknownMovie)[] {
  return movieIds.map((movieId) => predictionOf(snapshot, profile, movieId, level))
}

function predictionOf(
  snapshot: Snapshot,
  profile: RatingProfile,
  movieId: string,
  level: number | undefined,
): Prediction | UnknownMovie {
  return findPrediction(snapshot, profile, movieId, level) ?? { movieId, error: 'unknown-movie' }
}

function findPrediction(
  { model, newMovies }: Snapshot,
  profile: RatingProfile,
  movieId: string,
  level: number | undefined,
): Prediction | null {
  const movie = model.movies.indexOf(movieId)
  const isNew = movie < 0 ? newMovies.find(movieId) : null
  if (movie < 0 && !isNew) return null
  const { rating, basis } = isNew ? profile.predictNew(isNew) : profile.predict(movie)
  if (level === undefined) return { movieId, rating, basis }
  const pair = { user: profile.userIndex, movie, ratings: profile.ratings }
  return { movieId, rating, basis, interval: intervalOf(model, pair, rating, level) }
}
