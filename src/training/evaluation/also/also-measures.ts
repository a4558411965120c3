import type { AlsoMeasure } from './also-measure.ts'
import { listsByRatings } from './lists-by-ratings.ts'

/** What `evaluate --also` measures, by the name that it is asked for with. */
export const alsoMeasures = {
  'lists-by-ratings': listsByRatings,
} satisfies Record<string, AlsoMeasure>

export type AlsoName = keyof typeof alsoMeasures
