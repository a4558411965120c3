import type { DotSpec } from '../../../model/spec/training-spec.ts'
import { writeStruct } from '../../../numeric/kernels/struct.ts'
import type { Rates } from '../../learning-rate/schedule.ts'
import { coefficientsOf } from '../coefficients.ts'
import { entriesPerGroup, gpuStep, stepBytes, stepStride } from './kernels.ts'

/** One step of an epoch as the kernels see it. */
export type StepPlan = {
  /** From 0, in the epoch. */
  readonly step: number
  /** From 1, over the whole training. */
  readonly number: number
  readonly rates: Rates
}

/** The training that steps belong to. */
export type StepsTask = {
  readonly spec: DotSpec
  readonly ratings: number
  readonly ratingRange: readonly [number, number] | null
}

/** Workgroups for one side of a batch. */
export function groupsOf(batchSize: number): number {
  return Math.ceil(batchSize / entriesPerGroup)
}

/** Writes a step at place `at` of a table, as a `gpuStep`. */
export function writeStep(
  table: DataView,
  at: number,
  { step, number, rates }: StepPlan,
  { spec, ratings, ratingRange }: StepsTask,
): void {
  const first = step * spec.batchSize
  const count = Math.min(spec.batchSize, ratings - first)
  const [lowest, highest] = ratingRange ?? [0, 0]
  writeStruct(table, at * stepStride, gpuStep, {
    ...{ first, count, number, groups: groupsOf(count) },
    ...coefficientsOf(spec, rates, number),
    ...{ perRating: 2 / count, lowest, span: highest - lowest },
  })
}

/** An empty table of so many steps. */
export function stepTable(steps: number): DataView<ArrayBuffer> {
  return new DataView(new ArrayBuffer((steps - 1) * stepStride + stepBytes))
}
