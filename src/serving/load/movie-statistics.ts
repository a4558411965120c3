import type { Model } from '../../model/model.ts'
import { sortedIndicesSteps } from '../../numeric/search/merge-sort.ts'

const rowsInStep = 16_384

/** What the ratings behind a model say of each of its movies. */
export type MovieStatistics = {
  /** [movies] how many rated it */
  readonly ratings: Uint32Array
  /** [movies] the plain mean of its ratings in stars; NaN where there is none */
  readonly meanRating: Float64Array
  /** Of all ratings, in stars; NaN where there is none */
  readonly mean: number
  /** [movies] movie indices, the most rated first, equal ones by index */
  readonly mostRated: Uint32Array
}

/** Counts once, when a model is loaded, in steps: O(ratings + movies · log movies). */
export function* statisticsSteps({ movies, rated }: Model): Generator<void, MovieStatistics> {
  const ratings = new Uint32Array(movies.size)
  const meanRating = new Float64Array(movies.size)
  let sum = 0
  for (let row = 0; row < rated.rating.length; row++) {
    sum += rated.rating[row]!
    const movie = rated.movieIndex[row]!
    ratings[movie]! += 1
    meanRating[movie]! += rated.rating[row]!
    if (row % rowsInStep === 0) yield
  }
  for (let movie = 0; movie < movies.size; movie++) meanRating[movie]! /= ratings[movie]!
  const mostRated = yield* sortedIndicesSteps(movies.size, (a, b) => ratings[b]! - ratings[a]!)
  return { ratings, meanRating, mean: sum / rated.rating.length, mostRated }
}
