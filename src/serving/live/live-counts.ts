import type { Model } from '../../model/model.ts'
import { sortedIndices } from '../../numeric/search/sorted-indices.ts'
import type { MovieStatistics } from '../load/movie-statistics.ts'

/** How many rated each movie of a model, and their means: the model's ratings and what was told. */
export class LiveCounts {
  /** [movies] */
  readonly ratings: Uint32Array
  /** [movies] the sum of its ratings, in rating units */
  readonly #sums: Float64Array
  #total = 0
  #sum = 0
  #mostRated: Uint32Array | null

  constructor({ rated }: Pick<Model, 'rated'>, statistics: MovieStatistics) {
    this.ratings = statistics.ratings.slice()
    this.#sums = new Float64Array(this.ratings.length)
    for (let row = 0; row < rated.rating.length; row++)
      this.#sums[rated.movieIndex[row]!]! += rated.rating[row]!
    this.#total = rated.rating.length
    this.#sum = this.#sums.reduce((sum, value) => sum + value, 0)
    this.#mostRated = statistics.mostRated
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
