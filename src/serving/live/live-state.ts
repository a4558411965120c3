import type { LiveEvent, LiveMovie, LivePosition } from '../../live/live-event.ts'
import type { StoredRatings } from '../../storage/ratings/told/live-ratings.ts'
import { countsBefore, isImport, newLabel, storedIn } from './import-positions.ts'
import { LiveTable, type TableEntry } from './live-table.ts'
import type { LiveView } from './live-view.ts'
import { copyPosition, isKnownEvent, type KnownEvents, PositionIndex } from './positions.ts'

/** What was told of a movie, and where. */
export type MovieEdit = { readonly movie: LiveMovie | null; readonly told: LivePosition }

/** Where a user was erased, and when that was told, in seconds since 1970. */
type Erasure = LivePosition & { readonly told: number }

/** All that was told or imported and is newer than some data, and one view of it that moves with it. */
export class LiveState {
  readonly #positions = new PositionIndex()
  readonly table = new LiveTable(this.#positions)
  /** By movie id. */
  readonly edits = new Map<string, MovieEdit>()
  /** Where users were erased, by their index in the table. */
  readonly erased = new Map<number, Erasure>()
  /** Where the newest event stands, and the newest that changed a movie's facts or erased a user. */
  newest: LivePosition | null = null
  newestEdit: LivePosition | null = null
  newestErasure: LivePosition | null = null
  /** Stands for the imports of which ratings are here; empty for none. */
  imports = ''
  /** Moves with each event; null where nobody answers from this state yet. */
  view: LiveView | null = null

  take(events: readonly LiveEvent[]): void {
    for (const event of events) this.#take(event)
  }

  #take(event: LiveEvent): void {
    this.newest = positionOf(event)
    if (event.type === 'rated') this.#tell(event, Math.fround(event.rating), event.timestamp)
    else if (event.type === 'unrated') this.#tell(event, Number.NaN, 0)
    else if (event.type === 'user-erased') this.#erase(event)
    else {
      this.newestEdit = this.newest
      this.edits.set(event.movieId, { movie: event.movie, told: this.newest })
    }
  }

  #tell(
    { userId, movieId, epoch, seq, told: since }: Erasure & { userId: string; movieId: string },
    rating: number,
    timestamp: number,
  ): void {
    const { table } = this
    const [user, movie] = [table.users.add(userId), table.movies.add(movieId)]
    const told = { epoch, seq }
    this.#give(user, movie, { rating, timestamp, since, told })
    table.toldOfUser.set(user, told)
    table.toldOfMovie.set(movie, told)
  }

  /**
   * Takes the rows `from` to `to` of an import; taken again, they change nothing.
   */
  takeImport(
    { users, movies, userIndex, movieIndex, rating, timestamp }: StoredRatings,
    { from, to }: { from: number; to: number },
    told: LivePosition,
  ): void {
    const { table } = this
    for (let row = from; row < to; row++) {
      const user = table.users.add(users.idOf(userIndex[row]!))
      if (storedIn(told) <= (this.erased.get(user)?.told ?? -1)) continue
      const movie = table.movies.add(movies.idOf(movieIndex[row]!))
      const time = timestamp[row]!
      this.#give(user, movie, { rating: rating[row]!, timestamp: time, since: time, told })
      table.importOfUser.set(user, told)
    }
  }

  /** Puts a rating in the place of the one that is known, where it counts rather than that. */
  #give(user: number, movie: number, given: TableEntry): void {
    const { table, view } = this
    const row = table.rowFor(user, movie)
    const known = table.entryAt(row)
    if (known && !countsBefore(given, known)) return
    const before = view?.ratingAt(row)
    table.set(row, { ...given, since: given.since || (known?.since ?? 0) })
    if (before !== undefined) view!.changed(row, before)
  }

  #erase({ userId, epoch, seq, told: since }: Erasure & { userId: string }): void {
    const { table, view } = this
    const user = table.users.add(userId)
    const told = { epoch, seq }
    for (const row of table.rowsOf(user)) {
      const known = table.told.at(row)!
      if (isImport(known) && storedIn(known) > since) continue
      const before = view?.ratingAt(row)
      table.set(row, { rating: Number.NaN, timestamp: 0, since: 0, told })
      table.toldOfMovie.set(table.movieAt(row), told)
      if (before !== undefined) view!.changed(row, before)
    }
    table.toldOfUser.set(user, told)
    this.newestErasure = told
    this.erased.set(user, { ...told, told: since })
    view?.erase(user)
  }

  /**
   * Copies what is newer than some data into an empty state, with a pause after every few thousand
   * rows, in which this one may move on: what it takes meanwhile has to be told to the other, too.
   */
  async copyNewer(known: KnownEvents, into: LiveState, pause: () => Promise<void>): Promise<void> {
    into.newest = this.newest
    into.newestEdit = this.newestEdit
    into.newestErasure = this.newestErasure
    for (const [movieId, edit] of this.edits)
      if (!isKnownEvent(known, edit.told)) into.edits.set(movieId, edit)
    for (const [user, told] of this.erased)
      if (!isKnownEvent(known, told)) into.#copyErasure(this.table.users.idOf(user), told)
    for (let row = 0; row < this.table.size; row++) {
      if (row % rowsBetweenPauses === rowsBetweenPauses - 1) await pause()
      if (!isKnownEvent(known, this.table.told.at(row)!)) into.#copyRow(this.table, row)
    }
  }

  #copyErasure(userId: string, erasure: Erasure): void {
    const user = this.table.users.add(userId)
    this.table.toldOfUser.set(user, erasure)
    this.erased.set(user, erasure)
  }

  #copyRow(from: LiveTable, row: number): void {
    const { table } = this
    const [fromUser, fromMovie] = [from.userAt(row), from.movieAt(row)]
    const user = table.users.add(from.users.idOf(fromUser))
    const movie = table.movies.add(from.movies.idOf(fromMovie))
    const entry = from.entryAt(row)!
    table.set(table.addRow(user, movie), entry)
    // To another model other imports are news: what they are the next look says.
    if (isImport(entry.told)) this.imports ||= newLabel()
    copyPosition(from.toldOfUser, fromUser, table.toldOfUser, user)
    copyPosition(from.toldOfMovie, fromMovie, table.toldOfMovie, movie)
    copyPosition(from.importOfUser, fromUser, table.importOfUser, user)
  }
}

const rowsBetweenPauses = 10_000

function positionOf({ epoch, seq }: LivePosition): LivePosition {
  return { epoch, seq }
}
