import type { LivePosition } from '../../live/live-event.ts'
import { ownRatings } from '../../model/data/ratings.ts'
import type { Model } from '../../model/model.ts'
import { firstAtLeast } from '../../numeric/search/bisect.ts'
import type { MovieStatistics } from '../load/movie-statistics.ts'
import { withRoom } from './columns.ts'
import { LiveCounts } from './live-counts.ts'
import type { Told } from './live-table.ts'
import { NewMovieRows } from './new-movie-rows.ts'
import { isSame, type KnownRating, type LiveUser, overridden } from './own-ratings.ts'
import { isKnownEvent, type KnownEvents } from './positions.ts'

const rowsBetweenPauses = 10_000

/**
 * What was told, as it stands to one model: which of its ratings are others now, and what that
 * makes of counts and means. It moves with the state that it is of.
 */
export class LiveView {
  readonly counts: LiveCounts
  readonly #state: Told
  readonly #model: Model
  readonly #known: KnownEvents
  /** [users], [movies] of the table: 1 + the index in the model, 0 for none */
  #userOf = new Uint32Array(1_024)
  #movieOf = new Uint32Array(1_024)
  #users = 0
  #movies = 0
  readonly #new = new NewMovieRows()
  /** How many rows there were when a user was erased: those after it had nothing before them. */
  readonly #erased = new Map<number, number>()

  constructor(
    state: Told,
    model: Model,
    statistics: MovieStatistics,
    known: KnownEvents = new Map(),
  ) {
    this.#state = state
    this.#model = model
    this.#known = known
    this.counts = new LiveCounts(statistics)
  }

  /** Counts what the state has; nothing may be told to it until this has ended. */
  async countAll(pause: () => Promise<void>): Promise<void> {
    const { table, erased } = this.#state
    for (const user of erased.keys()) this.erase(user)
    for (let row = 0; row < table.size; row++) {
      this.changed(row, this.#baseOf(row))
      if (row % rowsBetweenPauses === rowsBetweenPauses - 1) await pause()
    }
  }

  /** The rating in a row as it counts; NaN for none. */
  ratingAt(row: number): number {
    return this.#isNews(row) ? this.#state.table.ratingAt(row) : this.#baseOf(row)
  }

  /** Takes the rating in a row into the counts, where another one, or NaN for none, was before. */
  changed(row: number, before: number): void {
    const movie = this.#state.table.movieAt(row)
    const index = this.#movieIndex(movie)
    const now = this.ratingAt(row)
    if (index >= 0) this.counts.change(index, before, now)
    else if (this.#isNews(row))
      this.#new.change(movie, row, this.#state.table.told.at(row)!, before, now)
  }

  /**
   * Takes the model's ratings of an erased user, by the index in the table, out of the counts, where
   * its data does not know of that.
   */
  erase(user: number): void {
    const { table, erased } = this.#state
    if (this.#erased.has(user) || !this.#news(erased.get(user) ?? null)) return
    const { movieIndex, rating } = ownRatings(this.#model, this.#userIndex(user))
    for (let i = 0; i < movieIndex.length; i++) {
      const movie = table.movies.indexOf(this.#model.movies.idOf(movieIndex[i]!))
      if (movie < 0 || table.rowOf(user, movie) < 0)
        this.counts.change(movieIndex[i]!, rating[i]!, Number.NaN)
    }
    this.#erased.set(user, table.size)
  }

  /**
   * Where the last event about a user stands that the model's data does not have; where there is
   * none, the last import that has a rating of theirs.
   */
  toldOfUser(userId: string): LivePosition | null {
    const { users, toldOfUser, importOfUser } = this.#state.table
    const user = users.indexOf(userId)
    return this.#news(toldOfUser.at(user)) ?? this.#news(importOfUser.at(user))
  }

  /** Where the last event about a movie's ratings stands that the model's data does not have. */
  toldOfMovie(movieId: string): LivePosition | null {
    const { table } = this.#state
    return this.#news(table.toldOfMovie.at(table.movies.indexOf(movieId)))
  }

  /** The same of anything. */
  get newest(): LivePosition | null {
    return this.#news(this.#state.newest)
  }

  /** The same of the erasure of a user. */
  get newestErasure(): LivePosition | null {
    return this.#news(this.#state.newestErasure)
  }

  /** Whether a user of the model is to be known no more. */
  isErased(userId: string): boolean {
    return this.#erased.has(this.#state.table.users.indexOf(userId))
  }

  /** The indices of these in the model. */
  get erasedUsers(): number[] {
    return [...this.#erased.keys()].map((user) => this.#userIndex(user)).filter((user) => user >= 0)
  }

  /** How many rated a movie that the model does not know, and the mean; NaN where there is none. */
  ofNewMovie(movieId: string): { ratings: number; mean: number } {
    return this.#new.of(this.#state.table.movies.indexOf(movieId))
  }

  /** The ratings of such a movie, in the order in which it was first told of them. */
  ratingsOfNew(movieId: string): { readonly userId: string; readonly rating: number }[] {
    const { table } = this.#state
    return Array.from(this.#new.rowsOf(table.movies.indexOf(movieId)), (row) => {
      return { userId: table.users.idOf(table.userAt(row)), rating: table.ratingAt(row) }
    })
  }

  /** Movies that the model does not know and somebody rated. */
  get newMovieIds(): string[] {
    return this.#new.movies.map((movie) => this.#state.table.movies.idOf(movie))
  }

  /** Where the last event about a rating of such a movie stands. */
  get newestOfNew(): LivePosition | null {
    return this.#new.newest
  }

  /** What is known of a user; null where it is what the model's data had. */
  changesOf(userId: string): LiveUser | null {
    if (!this.toldOfUser(userId)) return null
    const { model, user, before } = this.#before(userId)
    const told = new Map<number, number>()
    const unknownMovieIds: string[] = []
    for (const row of this.#newsOf(user)) {
      const movie = this.#movieIndex(this.#state.table.movieAt(row))
      const rating = this.ratingAt(row)
      if (movie >= 0) told.set(movie, rating)
      else if (!Number.isNaN(rating)) unknownMovieIds.push(this.#movieIdAt(row))
    }
    const now = overridden(before, told)
    if (!this.#erased.has(user) && unknownMovieIds.length === 0 && isSame(before, now)) return null
    return { userIndex: model, before, now, unknownMovieIds }
  }

  /** Users with ratings whom the model does not know, or whose erasure it does not know of. */
  newUsers(): string[] {
    const { users } = this.#state.table
    const ids: string[] = []
    for (let user = 0; user < users.size; user++) {
      if (this.#userIndex(user) >= 0 && !this.#erased.has(user)) continue
      const id = users.idOf(user)
      const changes = this.changesOf(id)
      if (changes && changes.now.rating.length + changes.unknownMovieIds.length > 0) ids.push(id)
    }
    return ids
  }

  /** All ratings of a user, by movie id (UTF-16 units). */
  ratingsOf(userId: string): KnownRating[] {
    const { table } = this.#state
    const { user, before } = this.#before(userId)
    const ratings = new Map<string, KnownRating>()
    for (let i = 0; i < before.rating.length; i++) {
      const movieId = this.#model.movies.idOf(before.movieIndex[i]!)
      ratings.set(movieId, { movieId, rating: before.rating[i]!, timestamp: null })
    }
    for (const row of this.#newsOf(user)) {
      const [movieId, rating] = [this.#movieIdAt(row), this.ratingAt(row)]
      if (Number.isNaN(rating)) ratings.delete(movieId)
      else ratings.set(movieId, { movieId, rating, timestamp: table.timeAt(row) || null })
    }
    return [...ratings.values()].sort((a, b) => (a.movieId < b.movieId ? -1 : 1))
  }

  /** The indices of a user in the model, −1 once erased, and in the table, and what it had. */
  #before(userId: string) {
    const user = this.#state.table.users.indexOf(userId)
    const model = this.#erased.has(user) ? -1 : this.#model.users.indexOf(userId)
    return { model, user, before: ownRatings(this.#model, model) }
  }

  *#newsOf(user: number): Generator<number> {
    for (const row of this.#state.table.rowsOf(user)) if (this.#isNews(row)) yield row
  }

  #movieIdAt(row: number): string {
    const { table } = this.#state
    return table.movies.idOf(table.movieAt(row))
  }

  #isNews(row: number): boolean {
    return this.#news(this.#state.table.told.at(row)) !== null
  }

  #news(told: LivePosition | null): LivePosition | null {
    return told && !isKnownEvent(this.#known, told) ? told : null
  }

  /** What the model's data had in place of a row; NaN for nothing. */
  #baseOf(row: number): number {
    const { table } = this.#state
    const user = table.userAt(row)
    if (row >= (this.#erased.get(user) ?? Number.POSITIVE_INFINITY)) return Number.NaN
    const movie = this.#movieIndex(table.movieAt(row))
    const index = this.#userIndex(user)
    if (index < 0 || movie < 0) return Number.NaN
    const { rated } = this.#model
    const [from, to] = [rated.offsets[index]!, rated.offsets[index + 1]!]
    const at = firstAtLeast(rated.movieIndex, from, to, movie)
    return at < to && rated.movieIndex[at] === movie ? rated.rating[at]! : Number.NaN
  }

  #userIndex(user: number): number {
    const { users } = this.#state.table
    this.#userOf = withRoom(this.#userOf, users.size)
    for (; this.#users < users.size; this.#users++)
      this.#userOf[this.#users] = 1 + this.#model.users.indexOf(users.idOf(this.#users))
    return this.#userOf[user]! - 1
  }

  #movieIndex(movie: number): number {
    const { movies } = this.#state.table
    this.#movieOf = withRoom(this.#movieOf, movies.size)
    for (; this.#movies < movies.size; this.#movies++)
      this.#movieOf[this.#movies] = 1 + this.#model.movies.indexOf(movies.idOf(this.#movies))
    return this.#movieOf[movie]! - 1
  }
}
