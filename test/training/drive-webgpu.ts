import { createHash } from 'node:crypto'
import type { DotSpec } from '../../src/model/spec/training-spec.ts'
import { createFusedTrainer } from '../../src/training/engines/webgpu/fused-trainer.ts'
import { openDevice } from '../../src/training/engines/webgpu/open-device.ts'
import { createSchedule } from '../../src/training/learning-rate/schedule.ts'
import { createPulse } from '../../src/training/pulse.ts'
import type { Trainer } from '../../src/training/trainer.ts'
import { plantedRatings, plantedSpec, ratedSpec } from './planted-ratings.ts'

/** A program: drives the trainer of engine `webgpu` by hand and prints what came of it. */
const spec = plantedSpec({ algorithm: 'dot-bias', batchSize: 100, epochs: 4 }) as DotSpec
const rows = plantedRatings({ users: 40, movies: 30 })
const task = { spec, rows, ratingRange: [0.5, 5.5] as const }
const schedule = createSchedule(ratedSpec(spec))

async function train(trainer: Trainer, from: number, to: number, signal?: AbortSignal) {
  const { stepsPerEpoch } = trainer
  for (let epoch = from; epoch < to; epoch++)
    await trainer.trainEpoch({
      epoch,
      ratesAt: (step) => schedule(epoch * stepsPerEpoch + step, stepsPerEpoch),
      pulse: { ...createPulse(signal), isDue: () => true },
    })
}

async function digest(trainer: Trainer): Promise<string> {
  const { userFactors, movieFactors, userBias, movieBias } = await trainer.weights()
  const hash = createHash('sha256')
  for (const array of [userFactors.data, movieFactors.data, userBias!, movieBias!])
    hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
  return hash.digest('hex')
}

async function drive(open: Awaited<ReturnType<typeof openDevice>>) {
  const whole = createFusedTrainer(task, open)
  await train(whole, 0, 2)
  const saved = await whole.state!.save()
  await train(whole, 2, 4)
  const resumed = createFusedTrainer(task, open)
  resumed.state!.restore(saved)
  await train(resumed, 2, 4)
  const again = createFusedTrainer(task, open)
  await train(again, 0, 4)
  const digests = await Promise.all([whole, resumed, again].map(digest))

  const stop = new AbortController()
  setTimeout(() => stop.abort(), 20)
  const cancelled = await train(again, 4, 100_000, stop.signal).catch((error) => error.code)
  const tooLarge = (largestBuffer: number) => {
    try {
      createFusedTrainer(task, { ...open, largestBuffer })
    } catch (error) {
      return { ...(error as { code: string }), message: String(error) }
    }
  }
  for (const trainer of [whole, resumed, again]) trainer.dispose()
  return { digests, cancelled, tooLarge: tooLarge(1_024) }
}

const printed = await openDevice({ takesSoftware: true }).then(drive, (error: Error) => ({
  missing: error.message,
}))
process.stdout.write(JSON.stringify(printed))
