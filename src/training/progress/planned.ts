import type { JobPhase } from '../../model/progress.ts'
import type { StepName } from './steps.ts'

/** Work that is to come. Steps of one kind take the same time for a unit. */
export type PlannedStep = {
  readonly name: StepName
  readonly kind: string
  /** Such as multiplications or bytes; what matters is how they compare within a kind. */
  readonly units: number
}

/** Steps that follow one another, each name once; `phase` is told instead of their own. */
export type PlannedPart = { readonly phase?: JobPhase; readonly steps: readonly PlannedStep[] }

/** What a step counts for who looks on. */
export type Count = {
  readonly unit: string
  readonly total: number
  /** What was done before the step began. */
  readonly from?: number
}

/** What is known of a step only once it begins; its later namesakes move with it. */
export type StepChange = {
  readonly kind?: string
  readonly units?: number
  readonly count?: Count
}
