import type { Ratings } from '../../../model/data/ratings.ts'
import { VocabularyBuilder } from '../../../model/data/vocabulary.ts'
import type { Tensor } from '../../../model/file/safetensors.ts'
import { column } from '../../segments/sealed-tensors.ts'

/**
 * What a segment of ratings has besides them where it was folded from live events. There a rating
 * NaN says that the one of that user and movie was taken back, and there may be ids without a row.
 */
export type LiveColumns = {
  /** [rows] when it was told, in seconds since 1970: of one user and movie, the latest counts */
  readonly told: Uint32Array
  /** [rows] the number of the event less that of the segment's first */
  readonly offset: Uint32Array
  /** [erasures] users of whom all is to go that was told before */
  readonly erasedUser: Uint32Array
  /** [erasures] when that was told */
  readonly erasedTold: Uint32Array
  /** [erasures] as `offset` */
  readonly erasedOffset: Uint32Array
}

/** Ratings of any segment; those folded from live events have `live`. */
export type StoredRatings = Ratings & { readonly live?: LiveColumns }
export type LiveRatings = Ratings & { readonly live: LiveColumns }

const names = {
  told: 'told',
  offset: 'event_offset',
  erasedUser: 'erased.user_index',
  erasedTold: 'erased.told',
  erasedOffset: 'erased.event_offset',
} as const satisfies Record<keyof LiveColumns, string>

/** The tensors of the columns, all U32. */
export function liveTensors(live: LiveColumns): [string, Tensor][] {
  return Object.entries(names).map(([name, tensor]) => {
    const data = live[name as keyof LiveColumns]
    return [tensor, { shape: [data.length], data }]
  })
}

/** The columns of a segment; none where it is an import. */
export function liveColumns(
  tensors: ReadonlyMap<string, Tensor>,
  rows: number,
  key: string,
): LiveColumns | undefined {
  if (!tensors.has(names.told)) return undefined
  const u32 = (name: string, length?: number) => column(tensors, name, Uint32Array, key, length)
  const erasedUser = u32(names.erasedUser)
  return {
    told: u32(names.told, rows),
    offset: u32(names.offset, rows),
    erasedUser,
    erasedTold: u32(names.erasedTold, erasedUser.length),
    erasedOffset: u32(names.erasedOffset, erasedUser.length),
  }
}

type Row = {
  readonly user: number
  readonly movie: number
  readonly rating: number
  readonly timestamp: number
  readonly told: number
  readonly offset: number
}
type Erasure = Pick<Row, 'user' | 'told' | 'offset'>

/** More movies than any vocabulary has: a user and a movie make one number that is exact. */
const mostMovies = 2 ** 27

/** Folds live events, which come in order: of one user and movie only the last stays. */
export class LiveRatingsBuilder {
  readonly #users = new VocabularyBuilder()
  readonly #movies = new VocabularyBuilder()
  readonly #rows = new Map<number, Row>()
  readonly #erasures = new Map<number, Erasure>()

  /** A rating; NaN where it was taken back. */
  rate(
    userId: string,
    movieId: string,
    { rating, timestamp, told, offset }: Omit<Row, 'user' | 'movie'>,
  ): void {
    const user = this.#users.add(userId)
    const movie = this.#movies.add(movieId)
    const pair = user * mostMovies + movie
    // Behind all others, so that rows are in the order of their events.
    this.#rows.delete(pair)
    this.#rows.set(pair, { user, movie, rating, timestamp, told, offset })
  }

  /** All that was told of the user is to go. */
  erase(userId: string, told: number, offset: number): void {
    const user = this.#users.add(userId)
    for (const [pair, row] of this.#rows) if (row.user === user) this.#rows.delete(pair)
    this.#erasures.set(user, { user, told, offset })
  }

  /** The columns, in the order of the events. */
  build(): LiveRatings {
    const rows = [...this.#rows.values()]
    const erasures = [...this.#erasures.values()]
    return {
      users: this.#users.build(),
      movies: this.#movies.build(),
      userIndex: Uint32Array.from(rows, ({ user }) => user),
      movieIndex: Uint32Array.from(rows, ({ movie }) => movie),
      rating: Float32Array.from(rows, ({ rating }) => rating),
      timestamp: Uint32Array.from(rows, ({ timestamp }) => timestamp),
      live: {
        told: Uint32Array.from(rows, ({ told }) => told),
        offset: Uint32Array.from(rows, ({ offset }) => offset),
        erasedUser: Uint32Array.from(erasures, ({ user }) => user),
        erasedTold: Uint32Array.from(erasures, ({ told }) => told),
        erasedOffset: Uint32Array.from(erasures, ({ offset }) => offset),
      },
    }
  }
}

/** Folds a segment behind those before it; its first event is so many after the first of all. */
export function addStored(
  to: LiveRatingsBuilder,
  { users, movies, live, ...ratings }: StoredRatings,
  shift: number,
): void {
  if (!live) return
  // What is told of a user before is gone; rows of the segment itself came after.
  live.erasedUser.forEach((user, i) => {
    to.erase(users.idOf(user), live.erasedTold[i]!, shift + live.erasedOffset[i]!)
  })
  for (let row = 0; row < ratings.rating.length; row++)
    to.rate(users.idOf(ratings.userIndex[row]!), movies.idOf(ratings.movieIndex[row]!), {
      rating: ratings.rating[row]!,
      timestamp: ratings.timestamp[row]!,
      told: live.told[row]!,
      offset: shift + live.offset[row]!,
    })
}
