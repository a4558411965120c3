import type { LiveEvent, LiveMovie, LivePosition, NewLiveEvent } from './live-event.ts'

/**
 * An entry of the stream has the id `<seq>-0` and one field: its name is the epoch, which costs
 * nothing where all have the same, and its value when the event was told, in milliseconds since
 * 1970, a space, and the event as a JSON array, whose first letter says its type.
 */
export type StreamEntry = readonly [id: string, fields: readonly string[]]

/** An event with its number, and when it was told, in milliseconds since 1970 by Redis's clock. */
export type ToldEvent = { readonly event: LiveEvent; readonly toldMs: number }

type Written =
  | ['r', userId: string, movieId: string, rating: number, timestamp: number]
  | ['u', userId: string, movieId: string]
  | ['e', userId: string]
  | ['m', movieId: string, movie: LiveMovie | null]

/** The event as an entry has it, without the time. */
export function writeEvent(event: NewLiveEvent): string {
  return JSON.stringify(written(event))
}

function written(event: NewLiveEvent): Written {
  switch (event.type) {
    case 'rated':
      return ['r', event.userId, event.movieId, event.rating, event.timestamp]
    case 'unrated':
      return ['u', event.userId, event.movieId]
    case 'user-erased':
      return ['e', event.userId]
    case 'movie-changed':
      return ['m', event.movieId, event.movie]
  }
}

/** Whether what an entry has, without its time, is a rating. */
export function isRating(text: string): boolean {
  return text.startsWith('["r"')
}

/** The number of an entry. */
export function seqOf([id]: StreamEntry): number {
  return Number(id.slice(0, id.indexOf('-')))
}

/** The event of an entry. */
export function readEntry(entry: StreamEntry): ToldEvent {
  const [epoch = '', text = ''] = entry[1]
  const space = text.indexOf(' ')
  const toldMs = Number(text.slice(0, space))
  const written = JSON.parse(text.slice(space + 1)) as Written
  const position = { epoch, seq: seqOf(entry), told: Math.floor(toldMs / 1_000) }
  return { event: readEvent(written, position), toldMs }
}

/** Each in one literal: to spread one object into another costs V8 ten times the rest. */
function readEvent(
  written: Written,
  { epoch, seq, told }: LivePosition & { told: number },
): LiveEvent {
  switch (written[0]) {
    case 'r': {
      const [, userId, movieId, rating, timestamp] = written
      return { epoch, seq, told, type: 'rated', userId, movieId, rating, timestamp }
    }
    case 'u':
      return { epoch, seq, told, type: 'unrated', userId: written[1], movieId: written[2] }
    case 'e':
      return { epoch, seq, told, type: 'user-erased', userId: written[1] }
    case 'm':
      return { epoch, seq, told, type: 'movie-changed', movieId: written[1], movie: written[2] }
  }
}
