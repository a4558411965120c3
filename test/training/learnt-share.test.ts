import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pickRows, type Ratings } from '../../src/model/data/ratings.ts'
import { createScorer } from '../../src/model/scorer.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { biasOnly } from '../../src/training/evaluation/predictors.ts'
import { fitModel } from '../../src/training/fit/fit-model.ts'
import { certainShare, chooseLearntShare, shareFits } from '../../src/training/fit/learnt-share.ts'
import { losesToBiases } from '../../src/training/promotion/judge.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { splitRatings } from '../../src/training/splitting/split-ratings.ts'
import { prepareTrainingData } from '../../src/training/splitting/training-data.ts'
import { trainModel } from '../../src/training/train.ts'
import { plantedRatings, ratingsOf } from './planted-ratings.ts'

const planted = plantedRatings({ users: 40, movies: 30 })
const few = pickRows(
  planted,
  Uint32Array.from({ length: 400 }, (_, row) => 2 * row),
)
const quick = {
  'dot-bias': { epochs: 2, factors: 4 },
  dot: { epochs: 2, factors: 4 },
  net: { epochs: 2, userFactors: 4, movieFactors: 4 },
  bayes: { burnIn: 5, sweeps: 10, factors: 3 },
} as const

function fit(algorithm: keyof typeof quick, ratings: typeof few, learntShare?: number | null) {
  const spec = trainingSpecSchema.parse({ algorithm, ...quick[algorithm], ranking: null })
  const data = prepareTrainingData(ratings, undefined, {
    ...spec,
    split: { ...spec.split, valid: 0 },
  })
  const known = learntShare === undefined ? {} : { learntShare }
  return fitModel({ data, spec, backend: 'wasm', ...known }, createPulse())
}

/** The prediction of every pair, in the order of the pairs; not put into the scale. */
function predictions({ model }: Awaited<ReturnType<typeof fit>>): number[] {
  const { predict } = createScorer(model)
  return Array.from({ length: model.users.size * model.movies.size }, (_, i) =>
    predict(Math.floor(i / model.movies.size), i % model.movies.size),
  )
}

for (const algorithm of ['dot-bias', 'dot', 'net', 'bayes'] as const)
  test(`of what ${algorithm} learnt a share is kept beside the damped biases: none, half or all`, async () => {
    const none = await fit(algorithm, few, 0)
    const { baseline, model } = none
    const biases = biasOnly(baseline, model.ratingScale).predict
    const lowest = predictions(none)
    for (const [i, rating] of lowest.entries()) {
      const expected = biases(Math.floor(i / model.movies.size), i % model.movies.size)
      assert.ok(Math.abs(rating - expected) < 1e-4)
    }
    const nearlyNone = await fit(algorithm, few, 1e-9)
    const low = predictions(nearlyNone)
    // A sigmoid has them to the second order.
    for (const [i, rating] of low.entries()) assert.ok(Math.abs(rating - lowest[i]!) < 0.3)
    const all = predictions(await fit(algorithm, few, null))
    assert.notDeepEqual(all, lowest)
    assert.deepEqual(predictions(await fit(algorithm, few, 1)), all)
    const halfway = await fit(algorithm, few, 0.5)
    for (const [i, rating] of predictions(halfway).entries()) {
      const ends = [all[i]!, low[i]!]
      assert.ok(rating > Math.min(...ends) - 1e-4 && rating < Math.max(...ends) + 1e-4)
    }
    const biasesOf = ({ model }: typeof none) => [...model.userBias!, ...model.movieBias!]
    const [from, to] = [biasesOf(nearlyNone), biasesOf(await fit(algorithm, few, 1))]
    if (algorithm === 'dot-bias') assert.notDeepEqual(from, to)
    for (const [i, bias] of biasesOf(halfway).entries())
      assert.ok(Math.abs(bias - (from[i]! + to[i]!) / 2) < 1e-5)
  })

/** Ratings of which biases are all that can be known: the rest is noise. */
function noisyRatings(rows: number) {
  const random = createRandom(3, 'noisy')
  const biases = Array.from({ length: 100 }, () => random.normal())
  const pairs = new Map<string, [number, number, number]>()
  while (pairs.size < rows) {
    const [user, movie] = [random.below(50), 50 + random.below(50)]
    const rating = 5.5 + biases[user]! + biases[movie]! + 2 * random.normal()
    pairs.set(`${user} ${movie}`, [user, movie - 50, Math.min(10, Math.max(1, Math.round(rating)))])
  }
  return ratingsOf([...pairs.values()])
}

const asDefault = { algorithm: 'dot-bias', ranking: null } as const
const trained = (ratings: Ratings, changes: object = {}) =>
  trainModel({
    ratings,
    spec: trainingSpecSchema.parse({ ...asDefault, ...changes }),
    backend: 'wasm',
  })

test('of noise nearly nothing is kept, of what can be known nearly all, and so by the refit', async () => {
  const noise = await trained(noisyRatings(1_200))
  const { learntShare } = noise.fit.run
  assert.ok(learntShare! < 0.5, `${learntShare} of the noise`)
  assert.equal(noise.refit!.run.learntShare, learntShare)
  const known = (await trained(planted)).fit.run.learntShare
  assert.ok(known! > 0.8, `${known} of what is there`)
})

test('a movie that only rows set apart are of does not keep a share from being chosen', async () => {
  const { userIndex, movieIndex, rating } = planted
  const once = Array.from({ length: 20 }, (_, i) => [i, 30 + i, 3] as const)
  const rows = Array.from(rating, (one, i) => [userIndex[i]!, movieIndex[i]!, one] as const)
  const { learntShare } = (await trained(ratingsOf([...rows, ...once]))).fit.run
  assert.ok(learntShare! > 0.8, `${learntShare}`)
})

test('where no rating set apart is of a user and a movie that others have, nothing is kept', async () => {
  const strangers = Array.from({ length: 40 }, (_, i) => [i, i, 1 + (i % 5)] as const)
  assert.equal((await fit('dot-bias', ratingsOf(strangers))).run.learntShare, 0)
})

test('a model of which nothing is kept does not lose to the damped biases, which it is', async () => {
  const { fit, measurement } = await trained(noisyRatings(1_200), { refit: false })
  assert.equal(fit.run.learntShare, 0)
  const { errors, baselines } = measurement!
  assert.ok(Math.abs(errors.rmse - baselines!['bias-only'].rmse) < 1e-6)
  assert.equal(losesToBiases(measurement!), false)
  assert.equal(losesToBiases({ baselines, errors: { ...errors, rmse: 1.001 * errors.rmse } }), true)
})

test('what is held out says nothing of the share', async () => {
  const random = createRandom(4, 'noise')
  const noisy = (rating: number) => Math.min(5, Math.max(1, rating + 3 * random.normal()))
  const known = plantedRatings()
  const ratings = { ...known, rating: known.rating.map(noisy) }
  const { fit, measurement } = await trained(ratings, { refit: false })
  const { learntShare } = fit.run
  assert.ok(learntShare! > 0 && learntShare! < 1, `${learntShare} is none or all`)
  const { heldOut } = splitRatings(ratings, trainingSpecSchema.parse(asDefault))
  const rating = ratings.rating.slice()
  for (const row of heldOut) rating[row] = 6 - rating[row]!
  const other = await trained({ ...ratings, rating }, { refit: false })
  assert.notEqual(other.measurement!.errors.rmse, measurement!.errors.rmse)
  assert.equal(other.fit.run.learntShare, learntShare)
})

test('of a share that is t standard errors 1 − (2/t)² is kept, and nothing below two', () => {
  const rows = [...Array(400).keys()]
  const d = rows.map((row) => [1, 1, -1, -1][row % 4]!)
  // Beside d there is noise that has nothing of d: the standard error is noise ÷ √400.
  const kept = (share: number, noise: number) => {
    const e = rows.map((row) => share * d[row]! + noise * [1, -1, 1, -1][row % 4]!)
    return certainShare(e, d)
  }
  assert.equal(kept(0.5, 0), 0.5)
  assert.ok(Math.abs(kept(0.5, 2.5) - 0.375) < 1e-12)
  assert.equal(kept(0.5, 5), 0)
  assert.equal(kept(0.5, 10), 0)
  assert.equal(kept(-0.5, 0), 0)
  assert.equal(kept(3, 0), 1)
  const nothing = d.map(() => 0)
  assert.equal(certainShare(d, nothing), 1)
})

test('nothing is kept where the biases that a sigmoid has are worse than what is learnt is better', async () => {
  const spec = trainingSpecSchema.parse(asDefault)
  const side = 40
  const signs = (i: number) => (i % 2 === 0 ? 1 : -1)
  /** Of biases ±b a third of what is learnt beside them is right. */
  const chosen = (b: number) => {
    const beside = (user: number, movie: number) => signs((user >> 1) + (movie >> 1))
    const sum = (user: number, movie: number) => 3 + b * (signs(user) + signs(movie))
    const pairs = Array.from(
      { length: side ** 2 },
      (_, i) => [Math.floor(i / side), i % side] as const,
    )
    const rating = ([user, movie]: readonly [number, number]) =>
      sum(user, movie) + 0.04 * beside(user, movie)
    const range = [0.5, 5.5] as const
    const fitOn = async (rows: Ratings) => {
      const fitted = await fit('dot-bias', rows, null)
      const { users, movies } = fitted.model
      const [userNumber, movieNumber] = [users, movies].map((of) =>
        of.ids.map((id) => Number(id.slice(1))),
      )
      const learnt = userNumber!.flatMap((user) =>
        movieNumber!.map((movie) => {
          const inside = sum(user, movie) + 0.12 * beside(user, movie) - range[0]
          return Math.log(inside / (range[1] - range[0] - inside))
        }),
      )
      const each = new Float32Array(movies.size ** 2)
      for (let movie = 0; movie < movies.size; movie++) each[movie * (movies.size + 1)] = 1
      const columns = movies.size
      const biases = (numbers: readonly number[]) => Float32Array.from(numbers, (i) => b * signs(i))
      return {
        ...fitted,
        baseline: { mean: 3, userBias: biases(userNumber!), movieBias: biases(movieNumber!) },
        model: {
          ...fitted.model,
          ...{ ratingRange: range, ratingScale: [1, 5] as const },
          userFactors: { rows: users.size, columns, data: Float32Array.from(learnt) },
          movieFactors: { rows: columns, columns, data: each },
          userBias: new Float32Array(users.size),
          movieBias: new Float32Array(columns),
        },
      }
    }
    const rows = ratingsOf(pairs.map((pair) => [...pair, rating(pair)] as const))
    return chooseLearntShare(spec, rows, fitOn, createPulse())
  }
  const [small, large] = [await chosen(0.1), await chosen(0.9)]
  assert.ok(Math.abs(small! - 1 / 3) < 0.01, `${small}`)
  assert.equal(large, 0)
})

test('a share is chosen of few ratings with the settings that follow from them, and of no others', () => {
  const fits = (changes: object, ratings: number) =>
    shareFits(trainingSpecSchema.parse({ ...asDefault, ...changes }), ratings)
  assert.deepEqual(
    [10, 1_600, 16_000, 64_000].map((ratings) => fits({}, ratings)),
    [0, 4, 4, 0],
  )
  assert.equal(fits({ weightDecay: 0.1 }, 1_600), 0)
  assert.equal(fits({ preset: 'fastai' }, 1_600), 0)
  assert.equal(fits({ algorithm: 'bayes' }, 1_600), 4)
  assert.equal(fits({ algorithm: 'bayes' }, 16_000), 0)
  assert.equal(fits({ algorithm: 'bayes', sweeps: 100 }, 1_600), 0)
})
