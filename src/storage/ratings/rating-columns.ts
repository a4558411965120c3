import { MarqueeError } from '../../errors.ts'
import { IdCollector } from '../../model/data/id-collector.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import { isFloat } from '../readers/plain-ids.ts'
import type { ScratchFile } from '../readers/scratch-file.ts'
import { joined, RowGroups, type RowGroupsOptions } from './row-groups.ts'

/** A vocabulary is one text, and the longest text of V8 four times as long. */
const longestIds = 2 ** 27

export type RatingColumnsOptions = RowGroupsOptions & {
  /** All ids of users together, and all of movies, may have so many UTF-16 units. */
  mostUnits?: number
  /** Where rows wait that would be too many for memory. */
  file?: ScratchFile | null
}

/** Collects ratings row by row, in pieces that are never copied to grow. */
export class RatingColumns {
  users = new IdCollector()
  movies = new IdCollector()
  readonly rows: RowGroups
  #lastUserId = ''
  #lastUserIndex = -1
  readonly #longestIds: number
  #userUnits = 0
  #movieUnits = 0

  constructor({ mostUnits = longestIds, file = null, ...options }: RatingColumnsOptions = {}) {
    this.#longestIds = mostUnits
    this.rows = new RowGroups(file, options)
  }

  /** Adds a row; a `too-large` error where the ids become too long in all, nothing else is checked. */
  add(userId: string, movieId: string, rating: number, timestamp: number): void {
    // Files are mostly in order of users.
    if (userId !== this.#lastUserId || this.#lastUserIndex < 0) {
      this.#lastUserId = userId
      const before = this.users.size
      this.#lastUserIndex = this.users.add(userId)
      if (this.users.size > before) {
        this.#userUnits += userId.length
        this.#checkLength(this.#userUnits)
      }
    }
    const before = this.movies.size
    const movie = this.movies.add(movieId)
    if (this.movies.size > before) {
      this.#movieUnits += movieId.length
      this.#checkLength(this.#movieUnits)
    }
    this.rows.add(this.#lastUserIndex, movie, rating, timestamp)
  }

  /** Nothing may be added after it: what was needed for that is let go, and ids become plain. */
  close(): this {
    this.users.close()
    this.movies.close()
    this.users = plain(this.users)
    this.movies = plain(this.movies)
    return this
  }

  /** The rows in memory; nothing may be added after it. */
  build(): Ratings {
    this.close()
    const { rows, users, movies } = this
    return {
      users: users.build(),
      movies: movies.build(),
      userIndex: joined(rows.pieces('userIndex'), new Uint32Array(rows.length)),
      movieIndex: joined(rows.pieces('movieIndex'), new Uint32Array(rows.length)),
      rating: joined(rows.pieces('rating'), new Float32Array(rows.length)),
      timestamp: joined(rows.pieces('timestamp'), new Uint32Array(rows.length)),
    }
  }

  #checkLength(units: number): void {
    if (units <= this.#longestIds) return
    const most = this.#longestIds
    throw new MarqueeError('too-large', `The different ids have more than ${most} characters.`)
  }

  /** The rows whose rating is to be kept, with ids of their own: of those without a row none stays. */
  only(isKept: (rating: number) => boolean, file: ScratchFile | null): RatingColumns {
    const kept = new RatingColumns({ file })
    const userIndex = new Int32Array(this.users.size).fill(-1)
    const movieIndex = new Int32Array(this.movies.size).fill(-1)
    const [users, movies, times] = (['userIndex', 'movieIndex', 'timestamp'] as const).map((name) =>
      this.rows.pieces(name)[Symbol.iterator](),
    ) as [Iterator<Uint32Array>, Iterator<Uint32Array>, Iterator<Uint32Array>]
    for (const rating of this.rows.pieces('rating')) {
      const [user, movie, time] = [users, movies, times].map((pieces) => pieces.next().value!)
      for (let row = 0; row < rating.length; row++) {
        if (!isKept(rating[row]!)) continue
        const [u, m] = [user![row]!, movie![row]!]
        if (userIndex[u]! < 0) userIndex[u] = kept.users.add(this.users.idOf(u))
        if (movieIndex[m]! < 0) movieIndex[m] = kept.movies.add(this.movies.idOf(m))
        kept.rows.add(userIndex[u]!, movieIndex[m]!, rating[row]!, time![row]!)
      }
    }
    return kept.close()
  }
}

/** The ids without ".0" at the end where every one has it, as pandas writes a column of numbers of
 * which one was missing once; elsewhere, 905.0 is 905. */
function plain(ids: IdCollector): IdCollector {
  // Most files show by their first id that there is nothing to do.
  for (let i = 0; i < ids.size; i++) if (!isFloat(ids.idOf(i))) return ids
  const plainIds = new IdCollector()
  for (let i = 0; i < ids.size; i++) plainIds.add(ids.idOf(i).slice(0, -2))
  plainIds.close()
  return plainIds
}
