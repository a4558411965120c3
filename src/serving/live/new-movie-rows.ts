import type { LivePosition } from '../../live/live-event.ts'
import { withRoom } from './columns.ts'
import { isImport } from './import-positions.ts'

/** The ratings of movies that a model does not know, by the movies' and ratings' index in the table. */
export class NewMovieRows {
  /** [movies] how many, and their sum */
  #ratings = new Uint32Array(1_024)
  #sums = new Float64Array(1_024)
  readonly #rows = new Map<number, Set<number>>()
  /** Where the last event about any of them stands. */
  newest: LivePosition | null = null

  /** The rating in a row is another one now, which was told there; NaN stands for none. */
  change(movie: number, row: number, told: LivePosition, before: number, now: number): void {
    const rows = this.#rows.get(movie) ?? new Set()
    this.#rows.set(movie, rows)
    if (Number.isNaN(now)) rows.delete(row)
    else rows.add(row)
    const isNewer = told.epoch !== this.newest?.epoch || told.seq > this.newest.seq
    if (!isImport(told) && isNewer) this.newest = told
    this.#ratings = withRoom(this.#ratings, movie)
    this.#sums = withRoom(this.#sums, movie)
    this.#ratings[movie]! += Number(!Number.isNaN(now)) - Number(!Number.isNaN(before))
    this.#sums[movie]! += (now || 0) - (before || 0)
  }

  /** How many rated a movie, and the mean; NaN where there is none. */
  of(movie: number): { ratings: number; mean: number } {
    const ratings = this.#ratings[movie] ?? 0
    return { ratings, mean: ratings === 0 ? Number.NaN : this.#sums[movie]! / ratings }
  }

  /** The rows of a movie, in the order in which they were first told. */
  rowsOf(movie: number): Iterable<number> {
    return this.#rows.get(movie) ?? []
  }

  /** The movies that have a rating. */
  get movies(): number[] {
    return [...this.#rows].filter(([, rows]) => rows.size > 0).map(([movie]) => movie)
  }
}
