import type { EpochReport } from '../../../model/epoch-report.ts'
import {
  createProgressMeter,
  type MeterReport,
  type ProgressMeter,
} from '../../../training/progress/meter.ts'
import type { Rates } from '../../../training/progress/rates.ts'

/** What a child tells its worker: how far the job is, and what it trains on. */
export type ToldProgress = MeterReport & {
  readonly engine: string | null
  readonly device: string | null
  /** Of the last epoch; null before the first. */
  readonly ratingsPerSecond: number | null
  /** Memory of the child. */
  readonly residentBytes: number
}

const tellMs = 250

/**
 * The meter of a job in its child, which tells what it shows when a step begins, and otherwise four
 * times a second at most.
 */
export function createJobMeter(
  rates: Rates,
  tell: (progress: ToldProgress) => void,
  now = () => performance.now(),
): {
  meter: ProgressMeter
  onEngine(engine: { name: string; device: string }): void
  onEpoch(epoch: Pick<EpochReport, 'ratingsPerSecond'>): void
} {
  let on: Pick<ToldProgress, 'engine' | 'device'> = { engine: null, device: null }
  let ratingsPerSecond: number | null = null
  let last = Number.NEGATIVE_INFINITY
  const meter = createProgressMeter({
    ...{ rates, now },
    onChange(isStep) {
      if (!isStep && now() - last < tellMs) return
      last = now()
      tell({ ...meter.report(), ...on, ratingsPerSecond, residentBytes: process.memoryUsage.rss() })
    },
  })
  return {
    meter,
    onEngine({ name, device }) {
      on = { engine: name, device }
    },
    onEpoch(epoch) {
      ratingsPerSecond = epoch.ratingsPerSecond
    },
  }
}
