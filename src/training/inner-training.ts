import type { Ratings } from '../model/ratings.ts'
import type { TrainingSpec } from '../model/training-spec.ts'
import type { TuningSpec } from '../model/tuning-spec.ts'
import { randomSplit } from './split.ts'

/** What a tuning may see: the ratings without those that its split holds out. */
export function tuningRatings(ratings: Ratings, { split, seed }: TuningSpec): Ratings {
  const { kept } = randomSplit(ratings.rating.length, split.valid, seed, 'split')
  return {
    users: ratings.users,
    movies: ratings.movies,
    userIndex: kept.map((row) => ratings.userIndex[row]!),
    movieIndex: kept.map((row) => ratings.movieIndex[row]!),
    rating: Float32Array.from(kept, (row) => ratings.rating[row]!),
    timestamp: kept.map((row) => ratings.timestamp[row]!),
  }
}

/** The training of a trial: of those ratings it holds the inner validation rows out. */
export function innerTraining(spec: TrainingSpec, { innerValid }: TuningSpec): TrainingSpec {
  return { ...spec, split: { ...spec.split, valid: innerValid } }
}
