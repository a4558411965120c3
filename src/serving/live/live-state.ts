import type { LiveEvent, LiveMovie, LivePosition } from '../../live/live-event.ts'
import { LiveTable } from './live-table.ts'
import type { LiveView } from './live-view.ts'
import { isKnownEvent, type KnownEvents, PositionIndex } from './positions.ts'

/** What was told of a movie, and where. */
export type MovieEdit = { readonly movie: LiveMovie | null; readonly told: LivePosition }

/** All that was told and is newer than some data, and one view of it that moves with it. */
export class LiveState {
  readonly #positions = new PositionIndex()
  readonly table = new LiveTable(this.#positions)
  /** By movie id. */
  readonly edits = new Map<string, MovieEdit>()
  /** Where users were erased, by their index in the table. */
  readonly erased = new Map<number, LivePosition>()
  /** Where the newest event stands, and the newest that changed a movie's facts or erased a user. */
  newest: LivePosition | null = null
  newestEdit: LivePosition | null = null
  newestErasure: LivePosition | null = null
  /** Moves with each event; null where nobody answers from this state yet. */
  view: LiveView | null = null

  take(events: readonly LiveEvent[]): void {
    for (const event of events) this.#take(event)
  }

  #take(event: LiveEvent): void {
    this.newest = positionOf(event)
    if (event.type === 'rated') this.#set(event, Math.fround(event.rating), event.timestamp)
    else if (event.type === 'unrated') this.#set(event, Number.NaN, 0)
    else if (event.type === 'user-erased') this.#erase(event)
    else {
      this.newestEdit = this.newest
      this.edits.set(event.movieId, { movie: event.movie, told: this.newest })
    }
  }

  #set(
    event: LivePosition & { userId: string; movieId: string },
    rating: number,
    timestamp: number,
  ): void {
    const { table, view } = this
    const user = table.users.add(event.userId)
    const movie = table.movies.add(event.movieId)
    const known = table.rowOf(user, movie)
    const row = known < 0 ? table.addRow(user, movie) : known
    const before = view?.ratingAt(row)
    table.set(row, rating, timestamp)
    table.told.set(row, event)
    table.toldOfUser.set(user, event)
    table.toldOfMovie.set(movie, event)
    if (before !== undefined) view!.changed(row, before)
  }

  #erase(event: LivePosition & { userId: string }): void {
    const { table, view } = this
    const user = table.users.add(event.userId)
    for (const row of table.rowsOf(user)) {
      const before = view?.ratingAt(row)
      table.set(row, Number.NaN, 0)
      table.told.set(row, event)
      table.toldOfMovie.set(table.movieAt(row), event)
      if (before !== undefined) view!.changed(row, before)
    }
    table.toldOfUser.set(user, event)
    this.newestErasure = positionOf(event)
    this.erased.set(user, this.newestErasure)
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

  #copyErasure(userId: string, told: LivePosition): void {
    const user = this.table.users.add(userId)
    this.table.toldOfUser.set(user, told)
    this.erased.set(user, told)
  }

  #copyRow(from: LiveTable, row: number): void {
    const { table } = this
    const user = table.users.add(from.users.idOf(from.userAt(row)))
    const movie = table.movies.add(from.movies.idOf(from.movieAt(row)))
    const copy = table.addRow(user, movie)
    table.set(copy, from.ratingAt(row), from.timeAt(row))
    table.told.set(copy, from.told.at(row)!)
    table.toldOfUser.set(user, from.toldOfUser.at(from.userAt(row))!)
    table.toldOfMovie.set(movie, from.toldOfMovie.at(from.movieAt(row))!)
  }
}

const rowsBetweenPauses = 10_000

function positionOf({ epoch, seq }: LivePosition): LivePosition {
  return { epoch, seq }
}
