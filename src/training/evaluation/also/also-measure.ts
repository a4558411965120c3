import type { SideInformation } from '../../../model/data/attributes.ts'
import type { Ratings } from '../../../model/data/ratings.ts'
import type { TrainingSpec } from '../../../model/spec/training-spec.ts'
import type { BackendPreference } from '../../engines/engine.ts'
import type { Fit } from '../../fit-task.ts'
import type { Pulse } from '../../pulse.ts'
import type { CandidateRule } from '../ranking-cases.ts'

/** A trained model and the rows that it was and was not trained on. */
export type AlsoTask = {
  readonly fit: Fit
  readonly spec: TrainingSpec
  readonly train: Ratings
  readonly test: Ratings
  readonly attributes?: SideInformation
  readonly candidates: CandidateRule
  readonly backend: BackendPreference
}

/** A line of a measure's table: what it is of, and its figures, null where there is none. */
export type AlsoRow = {
  readonly of: string
  readonly figures: Readonly<Record<string, number | null>>
}

/**
 * A measure that `evaluate` takes of each trained model where it is asked for; its rows have the
 * same figures, in one order, and differ in `of`.
 */
export type AlsoMeasure = (task: AlsoTask, pulse: Pulse) => Promise<AlsoRow[]>

/** Each row's mean over the folds that have it, figure by figure, without those that are null. */
export function meanRows(folds: readonly (readonly AlsoRow[])[]): AlsoRow[] {
  const names = new Set(folds.flat().map((row) => row.of))
  return [...names].map((of) => {
    const rows = folds.flat().filter((row) => row.of === of)
    const meanOf = (figure: string) => {
      const values = rows.flatMap((row) => row.figures[figure] ?? [])
      return values.length === 0
        ? null
        : values.reduce((sum, value) => sum + value, 0) / values.length
    }
    const figures = Object.keys(rows[0]!.figures).map((name) => [name, meanOf(name)])
    return { of, figures: Object.fromEntries(figures) }
  })
}
