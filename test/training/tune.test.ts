import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MarqueeError } from '../../src/errors.ts'
import type { SteppedSpec, TrainingSpec } from '../../src/model/spec/training-spec.ts'
import { bestTrial, type Trial, winnerOf } from '../../src/model/spec/trial.ts'
import { type TuningSpecInput, tuningSpecSchema } from '../../src/model/spec/tuning-spec.ts'
import { randomSplit } from '../../src/training/splitting/random-split.ts'
import { trainModel } from '../../src/training/train.ts'
import { drawSettings } from '../../src/training/tuning/draw-settings.ts'
import { innerTraining, runTrial, tuningRatings } from '../../src/training/tuning/run-trial.ts'
import { tune } from '../../src/training/tuning/tune.ts'
import { plantedRatings, plantedSpec } from './planted-ratings.ts'

const decays = { weightDecay: { min: 0.01, max: 1, log: true } }
const tuningOf = (changes: Partial<TuningSpecInput> = {}) =>
  tuningSpecSchema.parse({
    ...{ kind: 'tune', algorithm: 'dot-bias', space: decays, trials: 20 },
    ...changes,
  })

/** A training whose error is known: the distance of the weight decay from 0.3. */
const errorOf = ({ weightDecay }: Pick<SteppedSpec, 'weightDecay'>) =>
  Math.abs((weightDecay as number) - 0.3)

/** Tunes with that training and notes what was trained and told. */
async function search(changes: Partial<TuningSpecInput>, finished: Trial[] = [], ratings = 1_000) {
  const tuning = tuningOf(changes)
  const trained: SteppedSpec[] = []
  const told: Trial[] = []
  const trials = await tune({
    tuning,
    ratings,
    finished,
    run: async (spec) => {
      trained.push(spec)
      return { validMse: errorOf(spec), epochs: spec.epochs as number }
    },
    onTrial: (trial) => void told.push(trial),
  })
  return { tuning, trials, trained, told }
}

const timeless = (trials: readonly Trial[]) => trials.map((trial) => ({ ...trial, seconds: 0 }))

test('the setting with the lowest error wins, and its spec can be trained', async () => {
  const { tuning, trials } = await search({ trials: 30, split: { valid: 0.1 }, seed: 5 })
  const best = Math.min(...trials.map(({ settings }) => errorOf(settings as never)))
  const winner = winnerOf(tuning, trials)!
  assert.equal(errorOf(winner), best)
  assert.ok(best < 0.05)
  assert.deepEqual(
    [winner.algorithm, winner.seed, winner.split.valid, winner.epochs],
    ['dot-bias', 5, 0.1, 'auto'],
  )
})

test('the same seed tries the same settings, another seed others, a longer budget more', async () => {
  const [first, again, other, longer] = await Promise.all([
    search({ seed: 1 }),
    search({ seed: 1 }),
    search({ seed: 2 }),
    search({ seed: 1, trials: 25 }),
  ])
  assert.deepEqual(timeless(first.trials), timeless(again.trials))
  assert.notDeepEqual(first.trained, other.trained)
  assert.deepEqual(longer.trained.slice(0, 20), first.trained)
})

test('settings are of the space: all of a list, whole numbers up to both ends, even logarithms', () => {
  const space = {
    factors: { min: 2, max: 4 },
    optimizer: ['sgd', 'adam'],
    learningRate: { min: 1e-4, max: 1, log: true },
  } as const
  const tuning = tuningOf({ space } as never)
  const drawn = Array.from({ length: 400 }, (_, i) => drawSettings(tuning, i + 1))
  assert.deepEqual([...new Set(drawn.map(({ factors }) => factors))].sort(), [2, 3, 4])
  assert.deepEqual([...new Set(drawn.map(({ optimizer }) => optimizer))].sort(), ['adam', 'sgd'])
  const rates = drawn.map(({ learningRate }) => Number(learningRate))
  assert.ok(Math.min(...rates) >= 1e-4 && Math.max(...rates) <= 1)
  const small = rates.filter((rate) => rate < 1e-2).length
  assert.ok(small > 150 && small < 250, `${small} of 400 are in the lower half`)
})

for (const strategy of ['random', 'halving'] as const)
  test(`${strategy}: what was finished before is not done again and changes nothing`, async () => {
    const whole = await search({ strategy })
    const rest = await search({ strategy }, whole.trials.slice(0, 12))
    assert.equal(rest.trained.length, whole.trained.length - 12)
    assert.deepEqual(rest.told, rest.trials.slice(12))
    assert.deepEqual(timeless(rest.trials), timeless(whole.trials))
  })

test('halving gives the best third three times the epochs, and the last one all', async () => {
  const { tuning, trials } = await search({
    strategy: 'halving',
    trials: 27,
    space: { ...decays, epochs: [9] },
  } as never)
  const ofRound = (round: number) => trials.filter((trial) => trial.round === round)
  assert.deepEqual(
    [1, 2, 3].map((round) => [ofRound(round).length, ofRound(round)[0]!.epochs]),
    [
      [27, 1],
      [9, 3],
      [3, 9],
    ],
  )
  const errors = ofRound(1).map(({ validMse }) => validMse!)
  const ninth = errors.toSorted((a, b) => a - b)[8]!
  assert.ok(ofRound(2).every(({ validMse }) => validMse! <= ninth))
  assert.equal(bestTrial(trials)!.validMse, Math.min(...errors))
  assert.equal(winnerOf(tuning, trials)!.epochs, 9)
})

test('of many ratings a trial has the epochs of a training that takes a step for each', async () => {
  const { trained } = await search({ space: { factors: [8] }, trials: 1 }, [], 1_000_000)
  assert.equal(trained[0]!.epochs, 8)
})

test('a trial in full beats a lower error of fewer epochs', () => {
  const trial = (changes: Partial<Trial>): Trial => ({
    ...{ trial: 1, round: 1, share: 1, settings: {}, epochs: 1, validMse: 1, seconds: 1 },
    ...changes,
  })
  const full = trial({ validMse: 0.9 })
  assert.equal(bestTrial([trial({ share: 1 / 3, validMse: 0.1 }), full, trial({})]), full)
  assert.equal(bestTrial([trial({ validMse: null })]), null)
})

test('minutes count the seconds of the trials, those of earlier attempts too', async () => {
  const finished = (await search({ trials: 3 })).trials.map((trial) => ({ ...trial, seconds: 30 }))
  const budget = { trials: undefined, minutes: 1.5 } as never
  assert.equal((await search(budget, finished)).trained.length, 0)
  assert.equal((await search(budget, finished.slice(0, 2))).trials.length > 2, true)
})

test('a setting that diverges is a trial without an error; only diverged ones are an error', async () => {
  const tuning = tuningOf({ trials: 4 })
  const diverged = new MarqueeError('diverged', 'It did.')
  const isOdd = new Set([1, 3])
  let n = 0
  const run = async (spec: SteppedSpec) => {
    if (isOdd.has(++n)) throw diverged
    return { validMse: errorOf(spec), epochs: 1 }
  }
  const trials = await tune({ tuning, ratings: 1_000, finished: [], run })
  assert.deepEqual(
    trials.map(({ validMse }) => validMse === null),
    [true, false, true, false],
  )
  const never = tune({ tuning, ratings: 1_000, finished: [], run: () => Promise.reject(diverged) })
  await assert.rejects(never, { code: 'diverged', message: /None of 4 settings/ })
  const fault = tune({
    tuning,
    ratings: 1_000,
    finished: [],
    run: () => Promise.reject(new Error('disk')),
  })
  await assert.rejects(fault, /disk/)
})

test('a trial trains no ranking, the winner has one', async () => {
  const tuning = tuningOf({ trials: 1 })
  const rankings: TrainingSpec['ranking'][] = []
  const run = async (spec: SteppedSpec) => {
    rankings.push(innerTraining(spec, tuning).ranking)
    return { validMse: 1, epochs: 1 }
  }
  const trials = await tune({ tuning, ratings: 1_000, finished: [], run })
  assert.deepEqual(rankings, [null])
  assert.ok(winnerOf(tuning, trials)!.ranking, 'the winner has one')
})

test('the error of a trial is what the same training is measured with', async () => {
  const ratings = plantedRatings({ users: 60, movies: 40 })
  const spec = plantedSpec({ algorithm: 'dot-bias', epochs: 3, earlyStopping: {}, ranking: null })
  const { measurement } = await trainModel({ ratings, spec, backend: 'wasm' })
  const { validMse, epochs } = await runTrial({ ratings, spec, backend: 'wasm' })
  assert.deepEqual([validMse, epochs], [measurement!.errors.mse, 3])
})

test('real trainings find the planted better value, and never see the held-out rows', async () => {
  const ratings = plantedRatings({ users: 60, movies: 40 })
  const tuning = tuningOf({
    trials: 4,
    space: { ...decays, factors: [4], epochs: [3], learningRate: [1e-5, 0.1], batchSize: [128] },
  } as never)
  const searchIn = async (source: typeof ratings) => {
    const seen = tuningRatings(source, tuning)
    const run = (spec: SteppedSpec) =>
      runTrial({ ratings: seen, spec: innerTraining(spec, tuning), backend: 'wasm' })
    return tune({ tuning, ratings: 1_000, finished: [], run })
  }
  const trials = await searchIn(ratings)
  assert.equal(new Set(trials.map(({ settings }) => settings['learningRate'])).size, 2)
  assert.equal(winnerOf(tuning, trials)!.learningRate, 0.1)

  const { heldOut, kept } = randomSplit(ratings.rating.length, 0.2, tuning.seed, 'split')
  const poisoned = ratings.rating.slice()
  for (const row of heldOut) poisoned[row] = 1_000_000
  assert.deepEqual(timeless(await searchIn({ ...ratings, rating: poisoned })), timeless(trials))
  poisoned[kept[0]!] = 4.123
  assert.notDeepEqual(timeless(await searchIn({ ...ratings, rating: poisoned })), timeless(trials))
})
