import { foldChangeIntoRanking, foldInChange } from '../../model/fold-in/changed-user.ts'
import {
  attributesOfUser,
  ratingsInModel,
  ratingsOfUser,
} from '../../storage/exports/known-of-user.ts'
import {
  countRatings,
  importedRatings,
  mergeSegments,
} from '../../storage/exports/merged-ratings.ts'
import { prepareCatalogue } from '../catalogue/catalogue-table.ts'
import { joinCatalogue } from '../catalogue/join-catalogue.ts'
import { explainRelevance } from '../explain/explain-relevance.ts'
import { explainScores } from '../explain/explain-scores.ts'
import { prepareModel } from '../load/prepared-model.ts'
import { sketchMap } from '../movie-map/map-sketch.ts'
import { fitMoviePriors } from '../new-movies/movie-priors.ts'
import { mostSimilar } from '../similar/most-similar.ts'

/**
 * The computations that may be long: plain functions of arrays and plain values, giving likewise.
 */
export const tasks = {
  prepareModel,
  prepareCatalogue,
  joinCatalogue,
  fitMoviePriors,
  foldInChange,
  foldChangeIntoRanking,
  explainRelevance,
  explainScores,
  mostSimilar,
  sketchMap,
  mergeSegments,
  countRatings,
  importedRatings,
  ratingsOfUser,
  attributesOfUser,
  ratingsInModel,
}

export type Tasks = typeof tasks
export type TaskName = keyof Tasks

/** An error of a task; the code is null of a fault. */
export type TaskError = {
  readonly code: string | null
  readonly message: string
  readonly stack: string | undefined
}

/** A task as it is posted to the thread, and what comes back. */
export type TaskCall = { readonly id: number; readonly name: TaskName; readonly input: unknown[] }
export type TaskAnswer = { readonly id: number } & (
  | { readonly output: unknown }
  | { readonly error: TaskError }
)
