import type { Model } from '../model/model.ts'

/** What the ratings behind a model say of each of its movies. */
export type MovieStatistics = {
  /** [movies] how many rated it */
  readonly ratings: Uint32Array
  /** [movies] the plain mean of its ratings in stars; NaN where there is none */
  readonly meanRating: Float64Array
  /** [movies] movie indices, the most rated first, equal ones by index */
  readonly mostRated: Uint32Array
}

/** Counts once, when a model is loaded: O(ratings + movies · log movies). */
export function movieStatistics({ movies, rated }: Model): MovieStatistics {
  const ratings = new Uint32Array(movies.size)
  const meanRating = new Float64Array(movies.size)
  rated.movieIndex.forEach((movie, row) => {
    ratings[movie]! += 1
    meanRating[movie]! += rated.rating[row]!
  })
  for (let movie = 0; movie < movies.size; movie++) meanRating[movie]! /= ratings[movie]!
  const mostRated = Uint32Array.from(ratings, (_, movie) => movie).sort(
    (a, b) => ratings[b]! - ratings[a]! || a - b,
  )
  return { ratings, meanRating, mostRated }
}
