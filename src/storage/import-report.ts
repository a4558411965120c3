import type { RatingScale } from '../model/data/rating-scale.ts'

/** A line that was not taken: its number in the file, from 1, and why. */
export type Refusal = { readonly line: number; readonly reason: string }

/** The outcome of an import; only the first refusals are listed, all are counted. */
export type ImportReport = {
  readonly format: string
  readonly accepted: number
  readonly refused: number
  readonly refusals: Refusal[]
  /** The name of the stored segment. */
  readonly segment: string
}

/** A rating so far off the others of its file that it must be a slip, and its line. */
export type FarOffRating = { readonly line: number; readonly rating: number }

/** The scale of the ratings of a file; only the first that are far off it are listed. */
export type ScaleReport = {
  /** Of the ratings that are not far off. */
  readonly lowest: number
  readonly highest: number
  /** What was declared for the store; null where nothing was. */
  readonly declared: RatingScale | null
  readonly farOff: number
  readonly farOffRatings: readonly FarOffRating[]
}

/** The outcome of an import of ratings. */
export type RatingsReport = ImportReport & { readonly scale: ScaleReport }

/** The imports of an archive, null where it had no such file; `skipped` names other entries. */
export type ArchiveReport = {
  readonly ratings: RatingsReport | null
  readonly movies: ImportReport | null
  readonly users: ImportReport | null
  readonly skipped: string[]
}
