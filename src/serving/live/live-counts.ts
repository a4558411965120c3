import { sortedIndices } from '../../numeric/search/sorted-indices.ts'
import type { MovieStatistics } from '../load/movie-statistics.ts'

/** How many rated each movie of a model, and their means: the model's ratings and what was told. */
export class LiveCounts {
  /** [movies] */
  readonly ratings: Uint32Array
  /** [movies] the sum of its ratings, in rating units */
  readonly #sums: Float64Array
  #total: number
  #sum: number
  #mostRated: Uint32Array | null

  constructor({ ratings, ratingSum, mostRated }: MovieStatistics) {
    this.ratings = ratings.slice()
    this.#sums = ratingSum.slice()
    this.#total = ratings.reduce((sum, count) => sum + count, 0)
    this.#sum = ratingSum.reduce((sum, value) => sum + value, 0)
    this.#mostRated = mostRated
  }

  /** Of all ratings, in rating units; NaN where there is none. */
  get mean(): number {
    return this.#sum / this.#total
  }

  /** The plain mean of a movie's ratings; NaN where there is none. */
  meanOf(movie: number): number {
    return this.ratings[movie] === 0 ? Number.NaN : this.#sums[movie]! / this.ratings[movie]!
  }

  /** [movies] movie indices, the most rated first, equal ones by index */
  get mostRated(): Uint32Array {
    const { ratings } = this
    this.#mostRated ??= sortedIndices(ratings.length, (a, b) => ratings[b]! - ratings[a]!)
    return this.#mostRated
  }

  /** One rating of a movie is another one now; NaN stands for none. */
  change(movie: number, from: number, to: number): void {
    const count = Number(!Number.isNaN(to)) - Number(!Number.isNaN(from))
    const sum = (Number.isNaN(to) ? 0 : to) - (Number.isNaN(from) ? 0 : from)
    this.ratings[movie]! += count
    this.#sums[movie]! += sum
    this.#total += count
    this.#sum += sum
    if (count !== 0) this.#mostRated = null
  }
}
