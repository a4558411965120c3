import type { LivePosition } from '../../live/live-event.ts'
import { VocabularyBuilder } from '../../model/data/vocabulary.ts'
import { withRoom } from './columns.ts'
import { PositionColumn, type PositionIndex } from './positions.ts'

const firstRows = 1_024

/** What a row has: a rating, NaN where it was taken back, its times, in seconds since 1970. */
export type TableEntry = {
  readonly rating: number
  /** When it was given; 0 where that is not known. */
  readonly timestamp: number
  /** When it counts from. */
  readonly since: number
  readonly told: LivePosition
}

/**
 * The last that was told of each rating, in columns: a row for each pair of a user and a movie, in
 * order of first sight. Some 60 bytes a rating, ids apart.
 */
export class LiveTable {
  readonly users = new VocabularyBuilder()
  readonly movies = new VocabularyBuilder()
  /** [rows] */
  #user = new Uint32Array(firstRows)
  #movie = new Uint32Array(firstRows)
  /** [rows] NaN where it was taken back */
  #rating = new Float32Array(firstRows)
  /** [rows] seconds since 1970; 0 where it was taken back, or imported without a time */
  #timestamp = new Uint32Array(firstRows)
  /** [rows] when it counts from, in seconds since 1970 */
  #since = new Uint32Array(firstRows)
  /** [rows] 1 + the row of the same user before; 0 for none */
  #before = new Uint32Array(firstRows)
  /** [users] 1 + the user's last row; 0 for none */
  #last = new Uint32Array(firstRows)
  /** 1 + the row of a pair at its hash or behind (linear probing), else 0; a power of two of them */
  #slots = new Uint32Array(4 * firstRows)
  /** [rows] where what is in them stands: an event, or an import */
  readonly told: PositionColumn
  /** [users], [movies] where the last event about each stands */
  readonly toldOfUser: PositionColumn
  readonly toldOfMovie: PositionColumn
  /** [users] the last import with a rating of theirs */
  readonly importOfUser: PositionColumn
  #size = 0

  constructor(positions: PositionIndex) {
    this.told = new PositionColumn(positions)
    this.toldOfUser = new PositionColumn(positions)
    this.toldOfMovie = new PositionColumn(positions)
    this.importOfUser = new PositionColumn(positions)
  }

  /** Rows so far. */
  get size(): number {
    return this.#size
  }

  userAt(row: number): number {
    return this.#user[row]!
  }

  movieAt(row: number): number {
    return this.#movie[row]!
  }

  /** NaN where it was taken back. */
  ratingAt(row: number): number {
    return this.#rating[row]!
  }

  /** Seconds since 1970; 0 for none. */
  timeAt(row: number): number {
    return this.#timestamp[row]!
  }

  /** What a row has; null for nothing yet. */
  entryAt(row: number): TableEntry | null {
    const told = this.told.at(row)
    if (!told) return null
    const [rating, timestamp] = [this.ratingAt(row), this.timeAt(row)]
    return { rating, timestamp, since: this.#since[row]!, told }
  }

  /** The row of a pair; −1 for none. */
  rowOf(user: number, movie: number): number {
    return this.#slots[this.#slotOf(user, movie)]! - 1
  }

  /** The rows of a user, the newest first. */
  *rowsOf(user: number): Generator<number> {
    for (let next = this.#last[user] ?? 0; next > 0; next = this.#before[next - 1]!) yield next - 1
  }

  /** The row of a pair, which may be new. */
  rowFor(user: number, movie: number): number {
    const known = this.rowOf(user, movie)
    return known < 0 ? this.addRow(user, movie) : known
  }

  /** Makes room for so many more rows: to move many when there is none would take long. */
  reserve(rows: number): void {
    if (rows === 0) return
    this.#makeRoom(this.#size + rows - 1)
    const slots = 2 ** Math.ceil(Math.log2(2 * (this.#size + rows)))
    if (slots > this.#slots.length) this.#rehash(slots)
  }

  /** A row for a pair that has none, with no rating yet. */
  addRow(user: number, movie: number): number {
    const row = this.#size++
    this.#makeRoom(row)
    this.#last = withRoom(this.#last, user)
    this.#user[row] = user
    this.#movie[row] = movie
    this.#rating[row] = Number.NaN
    this.#before[row] = this.#last[user]!
    this.#last[user] = row + 1
    if (2 * this.#size > this.#slots.length) this.#rehash(2 * this.#slots.length)
    else this.#slots[this.#slotOf(user, movie)] = row + 1
    return row
  }

  /** Puts a rating, or NaN for none, into a row, and where it stands. */
  set(row: number, { rating, timestamp, since, told }: TableEntry): void {
    this.#rating[row] = rating
    this.#timestamp[row] = timestamp
    this.#since[row] = since
    this.told.set(row, told)
  }

  #slotOf(user: number, movie: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = hashOf(user, movie) & mask
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const row = slots[slot]! - 1
      if (this.#user[row] === user && this.#movie[row] === movie) break
    }
    return slot
  }

  #makeRoom(row: number): void {
    this.#user = withRoom(this.#user, row)
    this.#movie = withRoom(this.#movie, row)
    this.#rating = withRoom(this.#rating, row)
    this.#timestamp = withRoom(this.#timestamp, row)
    this.#since = withRoom(this.#since, row)
    this.#before = withRoom(this.#before, row)
  }

  #rehash(slots: number): void {
    this.#slots = new Uint32Array(slots)
    for (let row = 0; row < this.#size; row++)
      this.#slots[this.#slotOf(this.#user[row]!, this.#movie[row]!)] = row + 1
  }
}

/** Mixes two indices (the finaliser of MurmurHash3). */
function hashOf(user: number, movie: number): number {
  let hash = Math.imul(user, 0x9e37_79b1) ^ Math.imul(movie, 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
  return hash ^ (hash >>> 16)
}

/** What views read of all that was told. */
export type Told = {
  readonly table: LiveTable
  readonly erased: ReadonlyMap<number, LivePosition>
  readonly newest: LivePosition | null
  readonly newestErasure: LivePosition | null
}
