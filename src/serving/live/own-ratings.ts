import type { OwnRatings } from '../../model/data/ratings.ts'
import type { ChangedUser } from '../../model/fold-in/changed-user.ts'

/** A rating as it counts now; the time is null where only the model's data had it. */
export type KnownRating = {
  readonly movieId: string
  readonly rating: number
  readonly timestamp: number | null
}

/** A user of whom more is known than the model's data knew, or less, or something else. */
export type LiveUser = ChangedUser & {
  /** Movies that they rated and the model does not know. */
  readonly unknownMovieIds: readonly string[]
}

/** Ratings by movie index, with others in their place where something was told; NaN takes away. */
export function overridden(before: OwnRatings, told: ReadonlyMap<number, number>): OwnRatings {
  const now: [number, number][] = [...told].filter(([, rating]) => !Number.isNaN(rating))
  for (let i = 0; i < before.rating.length; i++)
    if (!told.has(before.movieIndex[i]!)) now.push([before.movieIndex[i]!, before.rating[i]!])
  now.sort(([a], [b]) => a - b)
  return {
    movieIndex: Uint32Array.from(now, ([movie]) => movie),
    rating: Float32Array.from(now, ([, rating]) => rating),
  }
}

export function isSame(a: OwnRatings, b: OwnRatings): boolean {
  if (a.rating.length !== b.rating.length) return false
  for (let i = 0; i < a.rating.length; i++)
    if (a.movieIndex[i] !== b.movieIndex[i] || a.rating[i] !== b.rating[i]) return false
  return true
}
