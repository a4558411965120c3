import { generateRatings } from '../../src/cli/generate/generated-ratings.ts'
import { type BayesSpec, trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { createSimdEngine } from '../../src/training/engines/simd/simd-engine.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { longestPath, threadTimes } from './thread-times.ts'

/** Sweeps 9 to 15 of an average: its bases turn at 0, 1, 2, 4, 8 and 16. */
const warmUp = 9
const measured = 7
/** With the bias 32 numbers a row. */
const factors = 31

/**
 * Median milliseconds of a sweep: by the clock, of all threads' CPU, and of the CPU of the main thread and
 * the longest other one, which is what the clock would show on a machine that does nothing else.
 */
export type SweepSpeed = {
  readonly clockMs: number
  readonly cpuMs: number
  readonly pathMs: number
}

/** Sweeps over a million generated ratings, 32 numbers a row, each added to the average. */
export async function sweepSpeed(hasBags: boolean, threads: number): Promise<SweepSpeed> {
  const { ratings } = generateRatings({ ratings: 1_000_000, users: 6_500, movies: 2_400, seed: 1 })
  const engine = await createSimdEngine(threads)
  const spec = trainingSpecSchema.parse({
    ...{ algorithm: 'bayes', factors, burnIn: 0, sweeps: warmUp + measured },
    ...{ bagOfMovies: hasBags, bagOfUsers: hasBags },
  }) as BayesSpec
  const earlier = threadTimes()
  const trainer = engine.createTrainer({ spec, rows: ratings, ratingRange: null })
  const ratesAt = () => ({ learningRate: 0, momentum: 0 })
  const clock: number[] = []
  const cpu: number[] = []
  const path: number[] = []
  for (let epoch = 0; epoch < warmUp + measured; epoch++) {
    const times = threadTimes()
    const before = process.cpuUsage()
    const start = performance.now()
    await trainer.trainEpoch({ epoch, ratesAt, pulse: createPulse() })
    clock.push(performance.now() - start)
    const { user, system } = process.cpuUsage(before)
    cpu.push((user + system) / 1_000)
    path.push(longestPath(earlier, times, threadTimes()))
  }
  trainer.dispose()
  const [clockMs, cpuMs, pathMs] = [clock, cpu, path].map(medianOfMeasured)
  return { clockMs: clockMs!, cpuMs: cpuMs!, pathMs: pathMs! }
}

function medianOfMeasured(values: readonly number[]): number {
  return values.slice(warmUp).sort((a, b) => a - b)[Math.floor(measured / 2)]!
}
