import type { RatingScale } from '../../model/data/rating-scale.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import type { Vocabulary } from '../../model/data/vocabulary.ts'
import type { Baseline, Model } from '../../model/model.ts'
import { createRanker, type ListOrder } from '../../model/ranker.ts'
import { createScorer, type Scorer } from '../../model/scorer.ts'
import { baselinePredictor } from '../fit/baseline.ts'
import type { ScoreAll } from './measure-ranking.ts'

/** A way to rate and to rank, in a model's indices, −1 being unknown. */
export type Predictor = {
  /** null where it says nothing of ratings. */
  readonly predict: ((user: number, movie: number) => number) | null
  readonly scoreAll: ScoreAll
}

/** A model as the service uses it: without a ranking, all lists are by predicted rating. */
export function modelPredictor(
  model: Model,
  orderBy: ListOrder,
): Predictor & { readonly predict: Scorer['predict'] } {
  const scorer = createScorer(model)
  const ranker = orderBy === 'relevance' ? createRanker(model) : null
  return { predict: scorer.predict, scoreAll: (ranker ?? scorer).scoreAll }
}

/** μ for every pair; its lists are in order of movie index. */
export function globalMean({ rating }: Pick<Ratings, 'rating'>) {
  const mean = rating.reduce((sum, value) => sum + value, 0) / rating.length
  return { predict: () => mean, scoreAll: (_, out) => void out.fill(mean) } satisfies Predictor
}

/** Damped biases, μ + b_u + b_m, within the scale. */
export function biasOnly(baseline: Baseline, ratingScale: RatingScale) {
  // As of a model, scores are not put into the scale, at whose end they would tie.
  const score = baselinePredictor(baseline, [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])
  return {
    predict: baselinePredictor(baseline, ratingScale),
    scoreAll(user, out) {
      for (let movie = 0; movie < out.length; movie++) out[movie] = score(user, movie)
    },
  } satisfies Predictor
}

/** One order for everybody: by how many liked a movie in training. */
export function popularity(
  { movies, likedFrom }: Pick<Model, 'movies' | 'likedFrom'>,
  train: Ratings,
): Predictor {
  const likes = countByMovie(movies, train, (row) => train.rating[row]! >= likedFrom)
  return { predict: null, scoreAll: (_, out) => out.set(likes) }
}

/** The share of the training's users that rated each movie of a vocabulary [movies]. */
export function ratedShare({ movies }: Pick<Model, 'movies'>, train: Ratings): Float64Array {
  const users = new Set(train.userIndex).size
  return countByMovie(movies, train, () => true).map((count) => count / users)
}

function countByMovie(
  movies: Vocabulary,
  train: Ratings,
  isCounted: (row: number) => boolean,
): Float64Array {
  const count = new Float64Array(movies.size)
  const movieOf = Int32Array.from(train.movies.ids, (id) => movies.indexOf(id))
  train.movieIndex.forEach((movie, row) => {
    if (movieOf[movie]! >= 0 && isCounted(row)) count[movieOf[movie]!]! += 1
  })
  return count
}
