import { createReadStream } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeModel } from '../../src/model/file/model-file.ts'
import {
  steppedSpecSchema,
  type TrainingSpec,
  trainingSpecSchema,
} from '../../src/model/spec/training-spec.ts'
import { cardOf } from '../../src/queue/worker/training/run-training-job.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { createModelRegistry } from '../../src/storage/model-registry.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { loadRatings } from '../../src/storage/ratings/load-ratings.ts'
import { reportOf } from '../../src/training/report/report.ts'
import { trainModel } from '../../src/training/train.ts'

/** A step for each rating, whatever the size. */
export const largeSpec = steppedSpecSchema.parse({
  algorithm: 'dot-bias',
  engine: 'simd',
  factors: 20,
  optimizer: 'per-rating',
  learningRate: 0.05,
  weightDecay: 0.1,
  decayScale: 'equal',
  epochs: 5,
  ranking: null,
})

/** What is trained on a size, with the defaults of each algorithm. */
export const sizeSpecs = {
  'no ranking': steppedSpecSchema.parse({ algorithm: 'dot-bias', engine: 'simd', ranking: null }),
  ranking: trainingSpecSchema.parse({ algorithm: 'dot-bias', engine: 'simd' }),
  bayes: trainingSpecSchema.parse({ algorithm: 'bayes', engine: 'simd' }),
} as const

export type SizeFigures = {
  readonly importSeconds: number
  readonly loadSeconds: number
  readonly trainJobSeconds: number
  readonly epochSeconds: number
  readonly publishSeconds: number
  readonly heldOutRmse: number
  readonly peakMib: number
}

/** Imports a ratings.csv, trains on it and publishes, in this process. */
export async function measureSize(
  csv: string,
  folder: string,
  spec: TrainingSpec,
): Promise<SizeFigures> {
  const seconds = stopwatch()
  const store = createFileStore(await mkdtemp(join(folder, 'store-')))
  await importRatings(store, createReadStream(csv, { highWaterMark: 1 << 20 }))
  const importSeconds = seconds()
  const { ratings, dataVersion } = await loadRatings(store)
  const loadSeconds = seconds()
  const training = await trainModel({ ratings, spec, backend: 'wasm' })
  const { fit, measurement } = training
  const trainJobSeconds = seconds()
  await createModelRegistry(store).publish(
    {
      tensors: encodeModel(training.model, { version: 'size' }),
      report: reportOf(training),
    },
    cardOf({ version: 'size', jobId: null, ratings, dataVersion, live: [] }, training),
  )
  const publishSeconds = seconds()
  return {
    importSeconds,
    loadSeconds,
    trainJobSeconds,
    epochSeconds: fit.run.trainSeconds,
    publishSeconds,
    heldOutRmse: measurement!.errors.rmse,
    peakMib: process.resourceUsage().maxRSS / 1_024,
  }
}

/** Seconds since the call before. */
function stopwatch(): () => number {
  let last = performance.now()
  return () => {
    const passed = (performance.now() - last) / 1_000
    last = performance.now()
    return passed
  }
}
