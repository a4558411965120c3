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

/** The imports of an archive, null where it had no such file; `skipped` names other entries. */
export type ArchiveReport = {
  readonly ratings: ImportReport | null
  readonly movies: ImportReport | null
  readonly users: ImportReport | null
  readonly skipped: string[]
}
