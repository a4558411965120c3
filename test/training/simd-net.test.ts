import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NetSpec } from '../../src/model/spec/training-spec.ts'
import { createRandom, permutation, type Random } from '../../src/numeric/random/random.ts'
import { initialWeights } from '../../src/training/engines/initial-weights.ts'
import { createSimdEngine } from '../../src/training/engines/simd/simd-engine.ts'
import { createSchedule } from '../../src/training/learning-rate/schedule.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { trainModel } from '../../src/training/train.ts'
import type { Start, Trainer } from '../../src/training/trainer.ts'
import {
  finiteDifferences,
  netArrays,
  type PlainBatch,
  plainNetError,
} from '../support/plain-net.ts'
import { type PlainSlot, plainOptimizerStep } from '../support/plain-steps.ts'
import { plantedRatings, plantedSpec, ratedSpec, ratingsOf } from './planted-ratings.ts'

const users = 7
const movies = 9

/** A few busy rows, and some that steps leave alone. */
const rows = (() => {
  const random = createRandom(4, 'net')
  const skewed = (size: number) => Math.floor(size * random.uniform() ** 3)
  const all = Array.from(
    { length: 170 },
    () => [skewed(users), skewed(movies), 1 + random.below(5)] as const,
  )
  return ratingsOf([...all, [users - 1, movies - 1, 3]])
})()
const biases = {
  userBias: Float32Array.from({ length: users }, (_, i) => 0.1 * i),
  movieBias: Float32Array.from({ length: movies }, (_, i) => 0.2 - 0.05 * i),
  firstFactor: 0,
}

/** Masks in the order in which engine "tensorflow" draws them. */
function masksOf(spec: NetSpec, size: number, random: Random): number[][][] {
  const levels = [
    [spec.userFactors + spec.movieFactors, spec.embeddingDropout] as const,
    ...spec.hiddenLayers.map((units) => [units, spec.hiddenDropout] as const),
  ]
  return levels.map(([units, share]) =>
    Array.from({ length: size }, () =>
      Array.from({ length: units }, () =>
        share === 0 ? 1 : random.uniform() < share ? 0 : 1 / (1 - share),
      ),
    ),
  )
}

/** Every number moved at every step, in doubles, by finite differences of the error. */
function trainPlainly(
  spec: NetSpec,
  range: readonly [number, number] | null,
  start: Start | null,
  epochs: number,
) {
  const slots = netArrays(initialWeights(spec, users, movies, { start })).map(
    (p): PlainSlot => ({ p, m: new Float64Array(p.length), v: new Float64Array(p.length) }),
  )
  const arrays = slots.map(({ p }) => p)
  const schedule = createSchedule(ratedSpec(spec))
  const dropout = createRandom(spec.seed, 'dropout')
  const size = rows.rating.length
  const stepsPerEpoch = Math.ceil(size / spec.batchSize)
  const errors: number[] = []
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = permutation(size, createRandom(spec.seed, `order-${epoch}`))
    let squared = 0
    for (let step = 0; step < stepsPerEpoch; step++) {
      const chosen = [...order.subarray(step * spec.batchSize, (step + 1) * spec.batchSize)]
      const batch: PlainBatch = {
        userIndex: chosen.map((row) => rows.userIndex[row]!),
        movieIndex: chosen.map((row) => rows.movieIndex[row]!),
        rating: chosen.map((row) => rows.rating[row]!),
        offset: chosen.map(
          (row) =>
            (start?.userBias[rows.userIndex[row]!] ?? 0) +
            (start?.movieBias[rows.movieIndex[row]!] ?? 0),
        ),
        masks: masksOf(spec, chosen.length, dropout),
      }
      const errorOf = () =>
        plainNetError(arrays, [spec.userFactors, spec.movieFactors], batch, range)
      squared += errorOf() * chosen.length
      const gradients = finiteDifferences(arrays, errorOf)
      const t = epoch * stepsPerEpoch + step
      slots.forEach((slot, i) => {
        plainOptimizerStep(slot, gradients[i]!, spec, schedule(t, stepsPerEpoch), t + 1)
      })
    }
    errors.push(squared / size)
  }
  return { arrays, errors }
}

async function trainOn(trainer: Trainer, spec: NetSpec, epochs: number) {
  const schedule = createSchedule(ratedSpec(spec))
  const errors: number[] = []
  for (let epoch = 0; epoch < epochs; epoch++) {
    const ratesAt = (step: number) =>
      schedule(epoch * trainer.stepsPerEpoch + step, trainer.stepsPerEpoch)
    errors.push((await trainer.trainEpoch({ epoch, ratesAt, pulse: createPulse() })).mse)
  }
  const arrays = netArrays(await trainer.weights())
  trainer.dispose()
  return { arrays, errors }
}

const small = {
  algorithm: 'net',
  userFactors: 2,
  movieFactors: 3,
  hiddenLayers: [3],
  embeddingDropout: 0.2,
  hiddenDropout: 0.4,
  learningRate: 0.02,
  weightDecay: 0.1,
  batchSize: 5,
}

const cases: [Record<string, unknown>, range: readonly [number, number] | null, start?: Start][] = [
  [{}, [0.5, 5.5]],
  [{ learningRate: 0.1 }, [0.5, 5.5], biases],
  [{ decay: 'l2', hiddenLayers: [4, 2], hiddenDropout: 0 }, [0.5, 5.5]],
  [{ hiddenLayers: [2, 9, 3], userFactors: 5, embeddingDropout: 0 }, null, biases],
  [{ beta2: 0.999, epsilon: 1e-7 }, [0.5, 5.5]],
  [{ beta2: 0.9, epsilon: 1e-3, schedule: 'constant', batchSize: 1 }, [0.5, 5.5]],
  [{ optimizer: 'sgd', learningRate: 0.1 }, [0.5, 5.5]],
  [{ optimizer: 'sgd', decay: 'l2', momentum: 0.5, schedule: 'cosine' }, null],
  // Three groups of ratings, the last of which is short.
  [{ optimizer: 'sgd', learningRate: 0.2, batchSize: 170 }, [0.5, 5.5]],
]

for (const [changes, range, start = null] of cases)
  test(`${JSON.stringify(changes)}: as by finite differences, every number at every step`, async () => {
    const spec = plantedSpec({ ...small, ...changes }) as NetSpec
    const task = { spec, rows, ratingRange: range, start }
    const trainer = (await createSimdEngine(1)).createTrainer(task)
    const actual = await trainOn(trainer, spec, 2)
    const expected = trainPlainly(spec, range, start, 2)
    for (const [epoch, error] of expected.errors.entries())
      assert.ok(Math.abs(actual.errors[epoch]! / error - 1) < 1e-4, `${actual.errors}, ${error}`)
    expected.arrays.forEach((array, n) => {
      array.forEach((value, i) => {
        const gap = Math.abs(actual.arrays[n]![i]! - value)
        assert.ok(gap < 2e-4, `array ${n}, number ${i}: ${actual.arrays[n]![i]}, expected ${value}`)
      })
    })
  })

test('large batches are shared by threads, which change no bit, and end with the trainer', async () => {
  const spec = plantedSpec({
    ...small,
    ...{ userFactors: 20, movieFactors: 10, hiddenLayers: [50, 7], batchSize: 1_500 },
  }) as NetSpec
  const planted = plantedRatings({ users: 100, movies: 90 })
  const trained = async (threads: number) => {
    const engine = await createSimdEngine(threads)
    return trainOn(engine.createTrainer({ spec, rows: planted, ratingRange: null }), spec, 2)
  }
  const one = await trained(1)
  assert.deepEqual(await trained(2), one)
  assert.deepEqual(await trained(3), one)
})

test('simd and tensorflow come to the same errors with the same masks', async () => {
  const planted = plantedRatings({ users: 40, movies: 30 })
  for (const changes of [{}, { hiddenLayers: [8, 5], optimizer: 'sgd', learningRate: 0.5 }]) {
    const mseOn = async (engine: string) => {
      const dropouts = { embeddingDropout: 0.1, hiddenDropout: 0.3, epochs: 3, ranking: null }
      const spec = plantedSpec({ algorithm: 'net', ...dropouts, engine, ...changes })
      const result = await trainModel({ ratings: planted, spec, backend: 'wasm' })
      assert.equal(result.fit.run.engine, engine)
      return result.measurement!.errors.mse
    }
    const [simd, tensorflow] = [await mseOn('simd'), await mseOn('tensorflow')]
    const gap = Math.abs(simd / tensorflow - 1)
    assert.ok(gap < 1e-4, `${JSON.stringify(changes)}: ${simd} and ${tensorflow}`)
  }
})
