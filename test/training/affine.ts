import type { Ratings } from '../../src/model/data/ratings.ts'

/** A unit of ratings: r there is origin + size·r here. */
export type Unit = { readonly size: number; readonly origin: number }

export const units: readonly Unit[] = [
  { size: 20, origin: 0 },
  { size: 0.2, origin: 0 },
  { size: 1, origin: -7 },
  { size: 20, origin: 1 },
]

export function inUnit(ratings: Ratings, { size, origin }: Unit): Ratings {
  return { ...ratings, rating: ratings.rating.map((rating) => origin + size * rating) }
}

/** Ratings as people give them, in steps. */
export function inHalves(ratings: Ratings): Ratings {
  return { ...ratings, rating: ratings.rating.map((rating) => Math.round(2 * rating) / 2) }
}

/** Settings of a training of a second or less. */
export const quickSettings = {
  'dot-bias': { epochs: 2 },
  dot: { epochs: 2 },
  net: { epochs: 2, userFactors: 4, movieFactors: 4 },
  bayes: { sweeps: 12, burnIn: 6, factors: 4, savedFactors: 8 },
} as const
