import type { DotSpec } from '../../../model/spec/training-spec.ts'
import type { Rates } from '../../learning-rate/schedule.ts'
import { coefficientsOf } from '../coefficients.ts'
import { entriesPerGroup, stepBytes, stepStride } from './kernels.ts'

/** One step of an epoch as the kernels see it. */
export type StepPlan = {
  /** From 0, in the epoch. */
  readonly step: number
  /** From 1, over the whole training. */
  readonly number: number
  readonly rates: Rates
}

/** What is the same for all steps. */
export type StepsTask = {
  readonly spec: DotSpec
  readonly ratings: number
  readonly ratingRange: readonly [number, number] | null
}

/** Workgroups for one side of a batch. */
export function groupsOf(batchSize: number): number {
  return Math.ceil(batchSize / entriesPerGroup)
}

/** Writes a step at place `at` of a table; the layout is the `Step` of the kernels. */
export function writeStep(
  table: DataView,
  at: number,
  { step, number, rates }: StepPlan,
  { spec, ratings, ratingRange }: StepsTask,
): void {
  const first = step * spec.batchSize
  const count = Math.min(spec.batchSize, ratings - first)
  const { keep, momentum, rate, beta2, scale, epsilon, l2 } = coefficientsOf(spec, rates, number)
  const [lowest, highest] = ratingRange ?? [0, 0]
  const integers = [first, count, number, groupsOf(count)]
  const floats = [keep, momentum, rate, beta2, scale, epsilon, l2, 2 / count, lowest]
  floats.push(highest - lowest)
  const start = at * stepStride
  integers.forEach((value, i) => {
    table.setUint32(start + 4 * i, value, true)
  })
  floats.forEach((value, i) => {
    table.setFloat32(start + 4 * (integers.length + i), value, true)
  })
}

/** An empty table of so many steps. */
export function stepTable(steps: number): DataView<ArrayBuffer> {
  return new DataView(new ArrayBuffer((steps - 1) * stepStride + stepBytes))
}
