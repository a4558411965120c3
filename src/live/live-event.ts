/**
 * What was told about one rating, user or movie while the service ran. Events are numbered within
 * an epoch, the lifetime of one Redis database, by 1, 2, 3 …: whoever misses a number has missed an
 * event. Of two events about one rating, the one with the higher number counts.
 */
export type LiveEvent = LivePosition & {
  /** When it was told, in seconds since 1970 by Redis's clock. */
  readonly told: number
} & NewLiveEvent

/** An event as it is told, before it has a number. */
export type NewLiveEvent =
  | {
      readonly type: 'rated'
      readonly userId: string
      readonly movieId: string
      readonly rating: number
      /** Seconds since 1970. */
      readonly timestamp: number
    }
  /** The rating was taken back. */
  | { readonly type: 'unrated'; readonly userId: string; readonly movieId: string }
  /** All that is known of the user is to go. */
  | { readonly type: 'user-erased'; readonly userId: string }
  /** Replaces what is known of the movie; null where it is known no more. */
  | { readonly type: 'movie-changed'; readonly movieId: string; readonly movie: LiveMovie | null }

/** A movie as an admin describes it. */
export type LiveMovie = {
  readonly title: string
  readonly year: number | null
  readonly genres: readonly string[]
  /** Whether no list shows it. */
  readonly hidden: boolean
}

/** Where in the order of events something stands. */
export type LivePosition = { readonly epoch: string; readonly seq: number }

/** What this process has told: where the last event stands, when, and events as entries have them. */
export type Told = {
  readonly position: LivePosition
  /** In milliseconds since 1970. */
  readonly time: string
  readonly texts: readonly string[]
}

/** Whoever follows the events, as an overlay in memory does. */
export type LiveListener = {
  /** All events that count are given again, from the first: they replace those given before. */
  restart(): void
  /** Takes the next events, in order. */
  take(events: readonly LiveEvent[]): void
  /** All that segments have was given again; the rest follows once this resolves. */
  stored(): Promise<void>
  /** All was given again that there is now; until then what was given before holds. */
  caughtUp(): void
}

/** Where events are told; they count once the promise resolves, which gives the last position. */
export type LiveLog = {
  append(events: readonly NewLiveEvent[]): Promise<LivePosition>
}
