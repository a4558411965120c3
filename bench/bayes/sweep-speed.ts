import { generateRatings } from '../../src/cli/generate/generated-ratings.ts'
import { type BayesSpec, trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { createSimdEngine } from '../../src/training/engines/simd/simd-engine.ts'
import { createPulse } from '../../src/training/pulse.ts'

/** Sweeps 9 to 15 of an average: its bases turn at 0, 1, 2, 4, 8 and 16. */
const warmUp = 9
const measured = 7
/** With the bias 32 numbers a row. */
const factors = 31

/** Median milliseconds of a sweep, by the clock and of all threads' CPU. */
export type SweepSpeed = { readonly clockMs: number; readonly cpuMs: number }

/** Sweeps over a million generated ratings, 32 numbers a row, each added to the average. */
export async function sweepSpeed(hasBags: boolean): Promise<SweepSpeed> {
  const { ratings } = generateRatings({ ratings: 1_000_000, users: 6_500, movies: 2_400, seed: 1 })
  const engine = await createSimdEngine()
  const spec = trainingSpecSchema.parse({
    ...{ algorithm: 'bayes', factors, burnIn: 0, sweeps: warmUp + measured },
    ...{ bagOfMovies: hasBags, bagOfUsers: hasBags },
  }) as BayesSpec
  const trainer = engine.createTrainer({ spec, rows: ratings, ratingRange: null })
  const ratesAt = () => ({ learningRate: 0, momentum: 0 })
  const clock: number[] = []
  const cpu: number[] = []
  for (let epoch = 0; epoch < warmUp + measured; epoch++) {
    const before = process.cpuUsage()
    const start = performance.now()
    await trainer.trainEpoch({ epoch, ratesAt, pulse: createPulse() })
    clock.push(performance.now() - start)
    const { user, system } = process.cpuUsage(before)
    cpu.push((user + system) / 1_000)
  }
  trainer.dispose()
  return { clockMs: medianOfMeasured(clock), cpuMs: medianOfMeasured(cpu) }
}

function medianOfMeasured(values: readonly number[]): number {
  return values.slice(warmUp).sort((a, b) => a - b)[Math.floor(measured / 2)]!
}
