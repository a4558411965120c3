import assert from 'node:assert/strict'
import { test } from 'node:test'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { enginesFor } from '../../src/training/engines/engine.ts'
import { createSimdEngine } from '../../src/training/engines/simd/simd-engine.ts'
import { createSchedule } from '../../src/training/learning-rate/schedule.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { trainModel } from '../../src/training/train.ts'
import type { Weights } from '../../src/training/trainer.ts'
import { plantedRatings, plantedSpec, ratedSpec } from './planted-ratings.ts'

const perRating = {
  optimizer: 'per-rating',
  learningRate: 0.05,
  weightDecay: 0.02,
  schedule: 'self-adjusting',
  epochs: 40,
} as const

async function weightsAfter(threads: number, changes: Record<string, unknown> = {}) {
  const spec = plantedSpec({ algorithm: 'dot-bias', ...perRating, ...changes })
  const engine = await createSimdEngine(threads)
  const rows = plantedRatings({ users: 200, movies: 90 })
  const trainer = engine.createTrainer({ spec, rows, ratingRange: [0.5, 5.5] })
  const schedule = createSchedule(ratedSpec(spec))
  const errors: number[] = []
  for (let epoch = 0; epoch < 3; epoch++) {
    const ratesAt = (step: number) =>
      schedule(epoch * trainer.stepsPerEpoch + step, trainer.stepsPerEpoch)
    errors.push((await trainer.trainEpoch({ epoch, ratesAt, pulse: createPulse() })).mse)
  }
  const weights = await trainer.weights()
  trainer.dispose()
  return { errors, bytes: bytesOf(weights) }
}

const bytesOf = ({ userFactors, movieFactors, userBias, movieBias }: Weights) =>
  [userFactors.data, movieFactors.data, userBias, movieBias].map((array) =>
    Buffer.from(array!.buffer as ArrayBuffer, array!.byteOffset, array!.byteLength).toString('hex'),
  )

for (const optimizer of ['per-rating', 'adam'])
  test(`${optimizer}: one, two and three threads give the same bytes, and another seed others`, async () => {
    const one = await weightsAfter(1, { optimizer })
    assert.deepEqual(await weightsAfter(2, { optimizer }), one)
    assert.deepEqual(await weightsAfter(3, { optimizer }), one)
    assert.notDeepEqual(await weightsAfter(2, { optimizer, seed: 43 }), one)
  })

const plantedRmse = async (changes: Record<string, unknown>) => {
  const spec = plantedSpec({ algorithm: 'dot-bias', ...changes })
  const result = await trainModel({ ratings: plantedRatings(), spec, backend: 'wasm' })
  assert.equal(result.fit.run.engine, 'simd')
  return result.measurement!.errors.rmse
}

test('what was planted is found, by batches and by ratings', async () => {
  assert.ok((await plantedRmse({})) < 0.2)
  assert.ok((await plantedRmse(perRating)) < 0.2)
  assert.ok((await plantedRmse({ algorithm: 'dot', factors: 8 })) < 0.3)
  const net = { algorithm: 'net', hiddenLayers: [32], learningRate: 0.03, epochs: 40 }
  assert.ok((await plantedRmse(net)) < 0.5)
})

test('simd and tensorflow agree on the same settings', async () => {
  for (const changes of [{}, { optimizer: 'sgd', learningRate: 2 }, { algorithm: 'dot' }]) {
    const shared = { algorithm: 'dot-bias', epochs: 4, ...changes }
    const mseOn = async (engine: string) => {
      const spec = plantedSpec({ ...shared, engine })
      const result = await trainModel({ ratings: plantedRatings(), spec, backend: 'wasm' })
      return result.measurement!.errors.mse
    }
    const [simd, tensorflow] = [await mseOn('simd'), await mseOn('tensorflow')]
    const gap = Math.abs(simd / tensorflow - 1)
    assert.ok(gap < 0.01, `${JSON.stringify(changes)}: ${simd} and ${tensorflow}`)
  }
})

test('"auto" takes simd for whatever steps, unless another backend is preferred by name', () => {
  const enginesOf = (algorithm: string, preference: 'auto' | 'cuda' | 'wasm') =>
    enginesFor(plantedSpec({ algorithm }), preference).map(({ engine, backend }) =>
      engine === 'tensorflow' ? backend : engine,
    )
  assert.deepEqual(enginesOf('dot', 'wasm'), ['simd', 'wasm'])
  assert.deepEqual(enginesOf('net', 'wasm'), ['simd', 'wasm'])
  assert.deepEqual(enginesOf('net', 'auto'), ['simd', 'cuda', 'webgpu', 'wasm'])
  assert.deepEqual(enginesOf('net', 'cuda'), ['cuda'])
})

test('what an engine cannot do is refused with a reason', () => {
  const problemOf = (spec: object) => trainingSpecSchema.safeParse(spec).error!.issues[0]
  const perRatingThere = problemOf({
    algorithm: 'dot',
    engine: 'tensorflow',
    optimizer: 'per-rating',
  })
  assert.deepEqual(perRatingThere!.path, ['engine'])
  assert.match(perRatingThere!.message, /"simd" alone/)
  assert.match(problemOf({ algorithm: 'net', engine: 'webgpu' })!.message, /has no "net"/)
  assert.ok(problemOf({ algorithm: 'net', optimizer: 'per-rating' }))
})

test('more weights than 4 GiB are refused before any is made', async () => {
  const engine = await createSimdEngine(1)
  const rows = plantedRatings()
  const users = { size: 1_200_000 } as typeof rows.users
  const tooLarge = { code: 'no-engine', message: /too large for engine "simd"/ }
  for (const wide of [
    { algorithm: 'dot-bias', factors: 1_024 },
    { algorithm: 'net', userFactors: 1_024 },
  ]) {
    const spec = plantedSpec({ ...wide, batchSize: 64 })
    const task = { spec, rows: { ...rows, users }, ratingRange: null }
    assert.throws(() => engine.createTrainer(task), tooLarge)
  }
})

test('a cancelled training ends, and its threads with it', async () => {
  const controller = new AbortController()
  const hooks = { signal: controller.signal, onEpoch: () => controller.abort() }
  for (const changes of [perRating, {}, { algorithm: 'net' }]) {
    const spec = plantedSpec({
      algorithm: 'dot-bias',
      ...changes,
      epochs: 1_000,
      schedule: 'constant',
    })
    const training = trainModel({ ratings: plantedRatings(), spec, backend: 'wasm', hooks })
    await assert.rejects(training, { code: 'cancelled' })
  }
})

test('a rate that is too high is told as divergence', async () => {
  for (const [algorithm, optimizer] of [
    ['dot', 'per-rating'],
    ['dot', 'sgd'],
    ['net', 'sgd'],
  ] as const) {
    const spec = plantedSpec({
      algorithm,
      ratingRange: 'none',
      optimizer,
      schedule: 'constant',
      learningRate: 90,
    })
    const training = trainModel({ ratings: plantedRatings(), spec, backend: 'wasm' })
    await assert.rejects(training, { code: 'diverged' })
  }
})
