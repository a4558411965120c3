import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Comparison, PromoteMode } from '../../src/model/promotion.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { areSameSettings, type Compared } from '../../src/training/promotion/compare-settings.ts'
import { judge, leastUsers } from '../../src/training/promotion/judge.ts'
import { type PairedSums, pairedBootstrap } from '../../src/training/promotion/paired-bootstrap.ts'
import { type Gate, trainModel } from '../../src/training/train.ts'
import { plantedRatings } from './planted-ratings.ts'

const ratings = plantedRatings({ users: 60, movies: 40 })
const quick = {
  ...{ algorithm: 'dot-bias', factors: 4, epochs: 12, learningRate: 0.05, weightDecay: 0.01 },
  ranking: { factors: 4, epochs: 3, unobservedWeight: 0.1, regularization: 0.3, priorRatings: 1 },
}
const specOf = (changes: object) => trainingSpecSchema.parse({ ...quick, ...changes })

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is near ${expected}`)

/** Trains against the settings of a serving model, and asks the gate. */
async function trainAgainst(serving: object, candidate: object, mode: PromoteMode = 'auto') {
  const gate: Gate = {
    against: () => specOf(serving),
    admits: ({ measurement, compared }) =>
      judge({ mode, serving: 'v1', held: null, measurement, compared }).promoted,
  }
  const training = await trainModel({ ratings, spec: specOf(candidate), backend: 'wasm', gate })
  const { measurement, compared } = training
  const judged = judge({ mode, serving: 'v1', held: null, measurement, compared })
  return { training, judged, comparison: comparisonOf(compared) }
}

function comparisonOf(compared: Compared | null): Comparison | null {
  return compared?.outcome === 'compared' ? compared.comparison : null
}

test('the serving model is measured as its settings come out without the held-out rows', async () => {
  // Without decay it learns by heart what it is shown.
  const byHeart = { factors: 30, epochs: 40, weightDecay: 0, seed: 5 }
  const { comparison, training } = await trainAgainst(byHeart, {})
  const { seed, split } = training.fit.run.spec
  const honest = await trainModel({
    ...{ ratings, backend: 'wasm' },
    spec: specOf({ ...byHeart, seed, split, refit: false }),
  })
  const shown = await trainModel({
    ...{ ratings, backend: 'wasm' },
    spec: specOf({ ...byHeart, split: { valid: 0 } }),
  })
  assert.equal(shown.measurement, null)
  near(comparison!.rmse.serving, honest.measurement!.errors.rmse)
  near(comparison!.rmse.candidate, training.measurement!.errors.rmse)
  near(comparison!['ndcg@10']!.serving, honest.measurement!.lists!.ndcg!)
  assert.equal(comparison!.rows, training.measurement!.rows)
  // What it would have looked like on rows that it knows.
  assert.ok(shown.fit.run.epochs.at(-1)!.trainMse < 0.2 * honest.measurement!.errors.mse)
})

test('a candidate made worse on purpose is measured, refused in each mode, and not refitted', async () => {
  const wild = { epochs: 1, learningRate: 3, schedule: 'constant' }
  for (const mode of ['auto', 'if-better'] as const) {
    const { training, judged } = await trainAgainst({}, wild, mode)
    assert.equal(judged.promoted, false)
    assert.equal(training.refit, null)
    assert.ok(training.measurement!.errors.rmse > 0)
  }
})

test('a candidate that is worse than the serving settings, though better than biases, is refused', async () => {
  const { training, judged } = await trainAgainst({}, { epochs: 2 })
  assert.deepEqual([judged.verdict, training.refit], ['worse', null])
  assert.match(judged.reason, /^It is worse: RMSE [\d.]+ against [\d.]+ \(difference .*tolerance/)
})

test('a candidate that is better is promoted in both modes, and refitted after that', async () => {
  for (const mode of ['auto', 'if-better'] as const) {
    const { training, judged } = await trainAgainst({ epochs: 2 }, {}, mode)
    assert.deepEqual([judged.promoted, judged.verdict], [true, 'better'])
    assert.equal(training.refit!.trainRows, ratings.rating.length)
  }
})

test('settings that differ in seed, split and engine are the same, and cost no fit', async () => {
  const serving = { seed: 7, engine: 'simd', split: { valid: 0.1 } }
  const { training, judged } = await trainAgainst(serving, {})
  assert.deepEqual(training.compared, { outcome: 'same-settings' })
  assert.equal(judged.promoted, true)
  const strict = await trainAgainst(serving, {}, 'if-better')
  assert.deepEqual([strict.judged.verdict, strict.training.refit], ['same-settings', null])
})

const few = { ratings: 1_000, backend: 'auto' } as const

test('a ranking of as many epochs as were the default once is one of the default', () => {
  const withEpochs = (epochs?: number) =>
    trainingSpecSchema.parse({ algorithm: 'dot-bias', ranking: epochs ? { epochs } : {} })
  assert.ok(areSameSettings(withEpochs(12), withEpochs(), few))
  assert.ok(!areSameSettings(withEpochs(11), withEpochs(), few))
})

test('optimizer "auto" is the one that it comes to: on few ratings "adam", the default once', () => {
  const withOther = (changes: object) =>
    trainingSpecSchema.parse({ algorithm: 'dot-bias', ...changes })
  const many = { ...few, ratings: 500_000 }
  // On engine "tensorflow" it is Adam of however many ratings, to be compared on any engine.
  for (const other of [{ optimizer: 'adam' }, { engine: 'tensorflow' }]) {
    assert.ok(areSameSettings(withOther({}), withOther(other), few))
    assert.ok(!areSameSettings(withOther({}), withOther(other), many))
  }
  assert.ok(
    areSameSettings(withOther({}), withOther({ engine: 'tensorflow' }), {
      ...many,
      backend: 'cuda',
    }),
  )
  assert.ok(areSameSettings(withOther({}), withOther({ engine: 'simd' }), many))
})

test('what cannot be fitted again is not compared: "auto" promotes, "if-better" does not', async () => {
  const diverging = { learningRate: 100, epochs: 5, optimizer: 'sgd', ratingRange: 'none' }
  for (const [mode, promoted] of [
    ['auto', true],
    ['if-better', false],
  ] as const) {
    const { judged } = await trainAgainst(diverging, {}, mode)
    assert.deepEqual([judged.verdict, judged.promoted], ['not-compared', promoted])
    assert.match(judged.reason, /could not be fitted again: .*diverged/)
  }
})

const figure = { candidate: 1, serving: 1, difference: 0, low: -0.001, high: 0.001 }
const rmse = { ...figure, tolerance: 0.005, users: 100 }
const ndcg = { ...rmse, tolerance: 0.01 }
const question = { mode: 'auto', serving: 'v1', held: null, measurement: null } as const
function judged(changes: Partial<Parameters<typeof judge>[0]>, figures = {}) {
  const comparison = { rows: 9, rmse, 'ndcg@10': ndcg, seconds: 0, seed: 1, ...figures }
  const { verdict, promoted } = judge({
    ...question,
    compared: { outcome: 'compared', comparison },
    ...changes,
  })
  return `${verdict} ${promoted}`
}

test('a first model serves whatever its figures, unless a hand is wanted', () => {
  const metrics = { mse: 1, mae: 1, rows: 9 }
  const lost = {
    errors: { ...metrics, rmse: 2 },
    baselines: { 'global-mean': { ...metrics, rmse: 1 }, 'bias-only': { ...metrics, rmse: 1 } },
  }
  const first = { serving: null, measurement: lost }
  assert.equal(judged({ ...first, mode: 'if-better' }), 'first true')
  assert.equal(judged({ ...first, mode: 'manual' }), 'manual false')
  assert.equal(judged({ measurement: lost }), 'loses-to-biases false')
  assert.equal(judged({ held: { at: '2026-01-01T00:00:00.000Z', by: null } }), 'held false')
  assert.equal(judged({ compared: null }), 'not-compared true')
  assert.equal(judged({ compared: null, mode: 'if-better' }), 'not-compared false')
})

test('in doubt "auto" promotes and "if-better" does not; the ends of the intervals decide', () => {
  const both = (figures: object) => [judged({}, figures), judged({ mode: 'if-better' }, figures)]
  assert.deepEqual(both({}), ['not-worse true', 'not-better false'])
  const better = { ...rmse, difference: -0.01, low: -0.015, high: -0.0011 }
  assert.deepEqual(both({ rmse: better }), ['better true', 'better true'])
  const tiny = { ...better, high: -0.0009 }
  assert.deepEqual(both({ rmse: tiny }), ['not-worse true', 'not-better false'])
  const few = { ...better, users: leastUsers - 1 }
  assert.deepEqual(both({ rmse: few }), ['not-worse true', 'not-better false'])
  const doubtful = { ...ndcg, difference: -0.02, low: -0.05, high: 0.01 }
  const mixed = { rmse: better, 'ndcg@10': doubtful }
  assert.deepEqual(both(mixed), ['not-worse true', 'not-better false'])
  const shorter = { ...doubtful, high: -0.001 }
  assert.deepEqual(both({ rmse: better, 'ndcg@10': shorter }), ['worse false', 'worse false'])
  const lists = { ...ndcg, difference: 0.02, low: 0.01, high: 0.03 }
  assert.deepEqual(both({ 'ndcg@10': lists }), ['better true', 'better true'])
  assert.deepEqual(both({ rmse: better, 'ndcg@10': null }), ['better true', 'better true'])
})

/** Users with rows of errors, the same two models but for noise; and their lists. */
function equalModels(seed: number, users: number) {
  const random = createRandom(seed, 'equal-models')
  const sums = () => new Float64Array(users)
  const errors: PairedSums = { weight: sums(), candidate: sums(), serving: sums() }
  const lists: PairedSums = { weight: sums(), candidate: sums(), serving: sums() }
  for (let user = 0; user < users; user++) {
    errors.weight[user] = 1 + Math.floor(Math.exp(1.5 + random.normal()))
    for (let row = 0; row < errors.weight[user]!; row++) {
      const error = 0.9 * random.normal()
      errors.candidate[user]! += (error + 0.1 * random.normal()) ** 2
      errors.serving[user]! += (error + 0.1 * random.normal()) ** 2
    }
    lists.weight[user] = 1
    const ndcg = random.uniform() < 0.5 ? 0 : random.uniform()
    const seen = () => Math.max(0, ndcg + (random.uniform() < 0.4 ? 0.2 * random.normal() : 0))
    lists.candidate[user] = seen()
    lists.serving[user] = seen()
  }
  return [errors, lists] as const
}

test('of 200 equal models at most one in twenty is better in a figure by chance', () => {
  for (const users of [leastUsers, 100]) {
    let better = 0
    for (let seed = 0; seed < 200; seed++) {
      const [errors, lists] = equalModels(seed, users)
      const { high } = pairedBootstrap(errors, Math.sqrt, seed)
      const { low } = pairedBootstrap(lists, (mean) => mean, seed)
      // The gate asks for more: a least gain, and that the other figure is not worse.
      if (high < 0 || low > 0) better++
    }
    assert.ok(better <= 10, `${better} of 200 with ${users} users`)
  }
})

test('the bootstrap: users stay whole, a difference for all alike is sure, and a seed gives the same', () => {
  const users = 5_000
  const [errors] = equalModels(1, users)
  const shifted = { ...errors, candidate: errors.serving.map((sum, i) => sum + errors.weight[i]!) }
  const mean = pairedBootstrap(shifted, (mse) => mse, 3)
  for (const value of [mean.difference, mean.low, mean.high]) assert.ok(Math.abs(value - 1) < 1e-9)
  assert.equal(mean.users, users)
  const once = pairedBootstrap(errors, Math.sqrt, 3)
  assert.deepEqual(pairedBootstrap(errors, Math.sqrt, 3), once)
  assert.ok(once.low < once.difference && once.difference < once.high)
  // Ten copies of each row make no user surer.
  const tenfold = (sums: Float64Array) => sums.map((sum) => 10 * sum)
  const copied = {
    weight: tenfold(errors.weight),
    candidate: tenfold(errors.candidate),
    serving: tenfold(errors.serving),
  }
  assert.ok(Math.abs(pairedBootstrap(copied, Math.sqrt, 3).low - once.low) < 1e-12)
})
