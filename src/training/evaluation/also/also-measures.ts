import { fewRatings } from '../few-ratings.ts'
import type { AlsoMeasure } from './also-measure.ts'
import { listsByRatings } from './lists-by-ratings.ts'
import { prequential } from './prequential.ts'
import { similarMovies } from './similar-movies.ts'

/** What `evaluate --also` measures, by the name that it is asked for with. */
export const alsoMeasures = {
  'few-ratings': fewRatings,
  'lists-by-ratings': listsByRatings,
  prequential,
  'similar-movies': similarMovies,
} satisfies Record<string, AlsoMeasure>

export type AlsoName = keyof typeof alsoMeasures
