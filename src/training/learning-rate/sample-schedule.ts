import type { LearningRateOfStep } from '../../model/report.ts'
import type { Rates } from './schedule.ts'

/** The rates of at most `points` of the steps, equally far apart, the first and the last among them. */
export function sampleSchedule(
  ratesAt: (step: number) => Rates,
  steps: number,
  points = 500,
): LearningRateOfStep[] {
  const count = Math.min(steps, points)
  return Array.from({ length: count }, (_, i) => {
    const step = count === 1 ? 0 : Math.round((i * (steps - 1)) / (count - 1))
    const { learningRate, momentum } = ratesAt(step)
    return { step, learningRate, momentum }
  })
}
