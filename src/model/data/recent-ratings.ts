import type { Ratings } from './ratings.ts'
import type { Vocabulary } from './vocabulary.ts'

/** Lengths of the windows in which ratings are counted, in days. */
export const windowDays = { day: 1, week: 7, month: 30, year: 365 } as const
export type WindowName = keyof typeof windowDays

/** How often movies were rated lately, as seen from the newest rating. */
export type RecentRatings = {
  /** The time of the newest rating, in seconds since 1970. */
  readonly asOf: number
  /** [windows] their lengths in days */
  readonly days: Uint32Array
  /** [windows, movies] ratings that are less than so many days older than the newest */
  readonly counts: Uint32Array
}

const daySeconds = 86_400

/**
 * Counts the ratings of the movies in each window; ratings of other movies only say what the newest
 * time is. Null where no time is known.
 */
export function countRecent(
  movies: Vocabulary,
  parts: readonly Pick<Ratings, 'movies' | 'movieIndex' | 'timestamp'>[],
): RecentRatings | null {
  let asOf = 0
  for (const { timestamp } of parts)
    for (const second of timestamp) if (second > asOf) asOf = second
  if (asOf === 0) return null
  const longest = Math.max(...Object.values(windowDays)) * daySeconds
  const days = Uint32Array.from(Object.values(windowDays))
  const counts = new Uint32Array(days.length * movies.size)
  for (const part of parts) {
    const indexOf = Int32Array.from(part.movies.ids, (id) => movies.indexOf(id))
    for (let row = 0; row < part.movieIndex.length; row++) {
      const movie = indexOf[part.movieIndex[row]!]!
      const age = asOf - part.timestamp[row]!
      if (movie < 0 || age >= longest) continue
      for (let window = 0; window < days.length; window++)
        if (age < days[window]! * daySeconds) counts[window * movies.size + movie]! += 1
    }
  }
  return { asOf, days, counts }
}
