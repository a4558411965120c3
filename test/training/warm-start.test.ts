import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pickRows, type Ratings } from '../../src/model/data/ratings.ts'
import { decodeModel, encodeModel } from '../../src/model/file/model-file.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { createRandom, permutation } from '../../src/numeric/random/random.ts'
import { pairUse } from '../../src/training/splitting/split-again.ts'
import { type Training, trainModel } from '../../src/training/train.ts'
import type { StartModel } from '../../src/training/warm-start/pair-uses.ts'
import { usesOf } from '../../src/training/warm-start/pair-uses.ts'
import { sampleRatings } from '../support/sample-ratings.ts'
import { plantedRatings } from './planted-ratings.ts'

const planted = plantedRatings({ users: 60, movies: 40 })

/** Every row but one in twenty, those of the last movie, and those of the last user. */
function earlier(ratings: Ratings): Ratings {
  const order = permutation(ratings.rating.length, createRandom(3, 'new'))
  const isOld = (row: number) =>
    ratings.userIndex[row] !== ratings.users.size - 1 &&
    ratings.movieIndex[row] !== ratings.movies.size - 1
  return pickRows(
    ratings,
    order
      .slice(ratings.rating.length / 20)
      .filter(isOld)
      .sort(),
  )
}

const small = {
  'dot-bias': { factors: 4, epochs: 4, earlyStopping: { share: 0.2 } },
  dot: { factors: 4, epochs: 4 },
  net: { epochs: 4, batchSize: 256, userFactors: 4, movieFactors: 4 },
  bayes: { factors: 4, sweeps: 20, burnIn: 10 },
} as const
type Name = keyof typeof small

type Changes = Record<string, unknown>
const specOf = (algorithm: Name, changes: Changes = {}) =>
  trainingSpecSchema.parse({ algorithm, ...small[algorithm], ranking: { factors: 8 }, ...changes })

function startOf({ fit }: Training, isRequired = false) {
  // As a job reads it, from a file.
  const vectors = decodeModel(Uint8Array.from(Buffer.concat(encodeModel(fit.start!))))
  return { vectors: { version: 'before', spec: fit.run.spec, vectors, isRequired } }
}

const train = (ratings: Ratings, spec: ReturnType<typeof specOf>, before?: Training) =>
  trainModel({ ratings, spec, backend: 'wasm', ...(before && { start: startOf(before) }) })

/** A training from the vectors of another one, to which one rating in twenty was unknown. */
async function trainTwice(ratings: Ratings, algorithm: Name, changes: Changes = {}) {
  const spec = specOf(algorithm, changes)
  return train(ratings, spec, await train(earlier(ratings), spec))
}

/** All that was learnt, without what a list leaves out. */
function learnt({ fit: { model } }: Training) {
  const { userFactors, movieFactors, userBias, movieBias, layers, baseline, ranking } = model
  return { userFactors, movieFactors, userBias, movieBias, layers, baseline, ranking }
}

/** The same rows, those of a use rated otherwise. */
function rerated(ratings: Ratings, start: StartModel, use: number): Ratings {
  const uses = usesOf(start, ratings)
  const rating = ratings.rating.map((value, row) => (uses[row] === use ? 6 - value : value))
  return { ...ratings, rating }
}

for (const algorithm of ['dot-bias', 'dot', 'net', 'bayes'] as const)
  test(`what is held out leaves no bit in what ${algorithm} starts from and learns`, async () => {
    // A declared scale, as the one that is found is of the rows that are fitted.
    const ratings = { ...planted, declaredScale: [1, 5] } as const
    const training = await trainTwice(ratings, algorithm)
    const { warmStart, fit } = training
    assert.equal(warmStart?.from, 'before')
    assert.deepEqual([warmStart.newUsers, warmStart.newMovies], [1, 1])
    const share = training.measurement!.rows / ratings.rating.length
    assert.ok(Math.abs(share - 0.2) < 0.02, `${share} of the ratings are held out`)
    const after = (use: number) => trainTwice(rerated(ratings, fit.start!, use), algorithm)
    assert.deepEqual(learnt(await after(pairUse.heldOut)), learnt(training))
    assert.notDeepEqual(learnt(await after(pairUse.fitted)), learnt(training))
  })

test('what was held out stays so, of new ratings a share is, and what was fitted stays fitted', async () => {
  const spec = specOf('dot-bias', { earlyStopping: null })
  const before = await train(earlier(planted), spec)
  const { fit } = await train(planted, { ...spec, seed: 7 }, before)
  const [had, has] = [before, { fit }].map(({ fit }) => usesOf(fit.start!, planted))
  for (const [row, use] of had!.entries()) if (use !== pairUse.unseen) assert.equal(has![row], use)
  const fresh = has!.filter((_, row) => had![row] === pairUse.unseen)
  const heldOut = fresh.filter((use) => use === pairUse.heldOut).length
  assert.equal(heldOut, Math.floor(0.2 * fresh.length))
})

test('a pair that was fitted, went and came back is not held out', async () => {
  const spec = specOf('dot-bias', { earlyStopping: null })
  const before = await train(planted, spec)
  const without = await train(earlier(planted), spec, before)
  const back = await train(planted, { ...spec, seed: 11 }, without)
  const had = usesOf(before.fit.start!, planted)
  const has = usesOf(back.fit.start!, planted)
  const gone = usesOf(without.fit.start!, planted)
  assert.ok(had.some((use, row) => use === pairUse.fitted && gone[row] === pairUse.fitted))
  const { users, movies } = without.fit.model
  for (const [row, use] of had.entries()) {
    const isKnown =
      users.indexOf(planted.users.idOf(planted.userIndex[row]!)) >= 0 &&
      movies.indexOf(planted.movies.idOf(planted.movieIndex[row]!)) >= 0
    if (isKnown && use === pairUse.fitted) assert.equal(has[row], pairUse.fitted)
  }
})

test('split by time, it starts warm as long as it has seen nothing that is held out', async () => {
  const spec = specOf('dot-bias', { earlyStopping: null, split: { method: 'global-time' } })
  const timed = { ...planted, timestamp: planted.rating.map((_, row) => row + 1) }
  const ratings = { ...timed, timestamp: Uint32Array.from(timed.timestamp) }
  const rows = Uint32Array.from(ratings.rating.keys())
  const [first, last] = [rows.slice(0, -60), rows.slice(60)]
  const inTime = await train(ratings, spec, await train(pickRows(ratings, first), spec))
  assert.equal(inTime.warmStart?.from, 'before')
  // Older ratings come late: the share held out reaches further back than it did.
  const late = await train(ratings, spec, await train(pickRows(ratings, last), spec))
  assert.equal(late.warmStart?.from, null)
  assert.match(late.warmStart!.reason!, /it has seen \d+ of the \d+ ratings that are held out/)
  const cold = await train(ratings, spec)
  assert.deepEqual(learnt(late), learnt(cold))
})

const others: [Name, Changes, RegExp][] = [
  ['dot', {}, /its algorithm is "dot-bias", not "dot"/],
  ['dot-bias', { factors: 5 }, /its factors are 4, not 5/],
  ['dot-bias', { split: { valid: 0.1 } }, /it held 0.2 of the ratings \("random"\) out, not 0.1/],
  ['dot-bias', { earlyStopping: { share: 0.1 } }, /it set 0.2 of its ratings apart/],
  ['dot-bias', { ratingRange: 'none' }, /its rating range is another one/],
  ['dot-bias', { preset: 'fastai' }, /which start from nothing/],
]
test('vectors that do not fit are no start: the training starts cold and says why, or ends where they were asked for', async () => {
  const before = await train(earlier(planted), specOf('dot-bias'))
  for (const [algorithm, changes, why] of others) {
    const spec = specOf(algorithm, changes)
    const training = await train(planted, spec, before)
    assert.equal(training.warmStart?.from, null)
    assert.match(training.warmStart!.reason!, why)
    assert.deepEqual(learnt(training), learnt(await train(planted, spec)))
    const task = { ratings: planted, spec, backend: 'wasm' } as const
    await assert.rejects(trainModel({ ...task, start: startOf(before, true) }), {
      code: 'invalid-request',
      message: why,
    })
  }
})

test('a learning rate that was found is of its optimizer: another one has its own', async () => {
  const found = specOf('dot-bias', { earlyStopping: null, learningRate: 'auto' })
  const rateAfter = async (changes: Changes) => {
    const before = await train(earlier(planted), { ...found, ...changes })
    const { spec } = (await train(planted, found, before)).fit.run
    return 'learningRate' in spec && [before.fit.run.spec, spec].map((one) => optimised(one))
  }
  const optimised = (spec: object) => {
    const { optimizer, learningRate } = spec as { optimizer: string; learningRate: number }
    return { optimizer, learningRate }
  }
  const [adam, again] = (await rateAfter({})) || []
  assert.deepEqual(again, adam)
  assert.equal(adam!.optimizer, 'adam')
  // At the default of Adam it would take a step for each of many ratings.
  const [slow, still] = (await rateAfter({ learningRate: 4e-3 })) || []
  assert.deepEqual(still, slow)
  const perRating = { optimizer: 'per-rating', learningRate: 1 / 64 }
  const [each, batched] = (await rateAfter(perRating)) || []
  assert.deepEqual(each, perRating)
  assert.equal(batched!.optimizer, 'adam')
  assert.notEqual(batched!.learningRate, 1 / 64)
})

const enough = { 'dot-bias': 1 / 2, bayes: 1 / 3 } as const
for (const algorithm of ['dot-bias', 'bayes'] as const)
  test(`on the sample ${algorithm} comes to the error of a cold training in a part of its epochs`, async () => {
    const ratings = await sampleRatings()
    const spec = trainingSpecSchema.parse({
      algorithm,
      ...{ ranking: null, refit: false },
      ...(algorithm === 'bayes' && { sweeps: 60, burnIn: 40 }),
    })
    const cold = await train(ratings, spec)
    const warm = await train(ratings, spec, await train(earlier(ratings), spec))
    const [few, many] = [warm, cold].map(({ fit }) => fit.run.epochs.length)
    assert.ok(few! <= enough[algorithm] * many!, `${few} epochs instead of ${many}`)
    const [had, has] = [cold, warm].map(({ measurement }) => measurement!.errors.rmse)
    // Other rows are held out, whose errors differ by more than the trainings do.
    assert.ok(Math.abs(has! - had!) < 0.015, `${has} instead of ${had}`)
  })
