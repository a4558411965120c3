import { pickRows, type Ratings } from '../model/ratings.ts'
import type { SteppedSpec } from '../model/training-spec.ts'
import type { TuningSpec } from '../model/tuning-spec.ts'
import { splitRatings } from './split-ratings.ts'

/** What a tuning may see: the ratings without those that its split holds out. */
export function tuningRatings(ratings: Ratings, tuning: TuningSpec): Ratings {
  return pickRows(ratings, splitRatings(ratings, tuning).kept)
}

/** The training of a trial: of those ratings it holds the inner validation rows out, likewise. It is compared by its error, so it trains no ranking. */
export function innerTraining(spec: SteppedSpec, { innerValid }: TuningSpec): SteppedSpec {
  return { ...spec, ranking: null, split: { ...spec.split, valid: innerValid } }
}
