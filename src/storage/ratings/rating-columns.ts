import { MarqueeError } from '../../errors.ts'
import { IdCollector } from '../../model/data/id-collector.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import { isFloat } from '../readers/plain-ids.ts'
import type { ScratchFile } from '../readers/scratch-file.ts'
import { joined, RowGroups, type RowGroupsOptions } from './row-groups.ts'

/** A vocabulary is one text, and the longest text of V8 four times as long. */
const longestIds = 2 ** 27

export type RatingColumnsOptions = RowGroupsOptions & {
  /** Of users and movies together, as they are in UTF-8. */
  mostIdBytes?: number
  /** The same of how many there are. */
  mostIds?: number
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
  readonly #mostIdBytes: number
  readonly #mostIds: number

  constructor({
    mostIdBytes = longestIds,
    mostIds = Number.POSITIVE_INFINITY,
    file = null,
    ...options
  }: RatingColumnsOptions = {}) {
    this.#mostIdBytes = mostIdBytes
    this.#mostIds = mostIds
    this.rows = new RowGroups(file, options)
  }

  /** Adds a row; a `too-large` error where the ids become too many or too long, nothing else is checked. */
  add(userId: string, movieId: string, rating: number, timestamp: number): void {
    const before = this.users.size + this.movies.size
    // Files are mostly in order of users.
    if (userId !== this.#lastUserId || this.#lastUserIndex < 0) {
      this.#lastUserId = userId
      this.#lastUserIndex = this.users.add(userId)
    }
    const movie = this.movies.add(movieId)
    if (this.users.size + this.movies.size > before) this.#checkIds()
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

  #checkIds(): void {
    const [most, bytes] = [this.#mostIds, this.#mostIdBytes]
    if (this.users.size + this.movies.size > most)
      throw tooLarge(`There are more than ${most} different users and movies (MARQUEE_IMPORT_IDS).`)
    if (this.users.byteLength + this.movies.byteLength > bytes)
      throw tooLarge(`The different ids have more than ${bytes} bytes.`)
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

function tooLarge(message: string): MarqueeError {
  return new MarqueeError('too-large', `${message} Send it in parts.`)
}
