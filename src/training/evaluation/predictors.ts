import type { RatingScale } from '../../model/data/rating-scale.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import type { Vocabulary } from '../../model/data/vocabulary.ts'
import type { Baseline, Model } from '../../model/model.ts'
import type { ListOrder } from '../../model/ranker.ts'
import { createScorer, type Scorer } from '../../model/scorer.ts'
import { sortedIndices } from '../../numeric/search/sorted-indices.ts'
import { baselinePredictor } from '../fit/baseline.ts'
import { modelOrdering, type Ordering } from './lists/ordering.ts'

/** A way to rate and to rank, in a model's indices, −1 being unknown. */
export type Predictor = {
  /** null where it says nothing of ratings. */
  readonly predict: ((user: number, movie: number) => number) | null
  readonly ordering: Ordering
}

/** A model as the service uses it: without a ranking, all lists are by predicted rating. */
export function modelPredictor(
  model: Model,
  orderBy: ListOrder,
): Predictor & { readonly predict: Scorer['predict'] } {
  return { predict: createScorer(model).predict, ordering: modelOrdering(model, orderBy) }
}

/** μ for every pair; its lists are in order of movie index. */
export function globalMean({ rating }: Pick<Ratings, 'rating'>, movies: number) {
  const mean = rating.reduce((sum, value) => sum + value, 0) / rating.length
  const order = sortedIndices(movies, () => 0)
  return { predict: () => mean, ordering: { by: 'order', order } } satisfies Predictor
}

/** Damped biases, μ + b_u + b_m, within the scale. */
export function biasOnly(baseline: Baseline, ratingScale: RatingScale) {
  return {
    predict: baselinePredictor(baseline, ratingScale),
    // As of a model, scores are not put into the scale, at whose end they would tie.
    ordering: { by: 'biases', baseline },
  } satisfies Predictor
}

/** One order for everybody: by how many liked a movie in training. */
export function popularity(
  { movies, likedFrom }: Pick<Model, 'movies' | 'likedFrom'>,
  train: Ratings,
): Predictor {
  const likes = countByMovie(movies, train, (row) => train.rating[row]! >= likedFrom)
  const order = sortedIndices(movies.size, (a, b) => likes[b]! - likes[a]!)
  return { predict: null, ordering: { by: 'order', order } }
}

/** The share of the training's users that rated each movie of a vocabulary [movies]. */
export function ratedShare({ movies }: Pick<Model, 'movies'>, train: Ratings): Float64Array {
  const isUser = new Uint8Array(train.users.size)
  for (const user of train.userIndex) isUser[user] = 1
  const users = isUser.reduce((sum, is) => sum + is, 0)
  return countByMovie(movies, train, () => true).map((count) => count / users)
}

function countByMovie(
  movies: Vocabulary,
  train: Ratings,
  isCounted: (row: number) => boolean,
): Float64Array {
  const count = new Float64Array(movies.size)
  const movieOf = Int32Array.from(train.movies.ids, (id) => movies.indexOf(id))
  for (let row = 0; row < train.movieIndex.length; row++) {
    const movie = movieOf[train.movieIndex[row]!]!
    if (movie >= 0 && isCounted(row)) count[movie]! += 1
  }
  return count
}
