import { pickRows, type Ratings } from '../../model/data/ratings.ts'
import type { SteppedSpec } from '../../model/spec/training-spec.ts'
import type { TuningSpec } from '../../model/spec/tuning-spec.ts'
import { splitRatings } from '../splitting/split-ratings.ts'

/** What a tuning may see: the ratings without those that its split holds out. */
export function tuningRatings(ratings: Ratings, tuning: TuningSpec): Ratings {
  return pickRows(ratings, splitRatings(ratings, tuning).kept)
}

/** The training of a trial: of those ratings it holds the inner validation rows out, likewise. It is compared by its error, so it trains no ranking. */
export function innerTraining(spec: SteppedSpec, { innerValid }: TuningSpec): SteppedSpec {
  return { ...spec, ranking: null, split: { ...spec.split, valid: innerValid } }
}
