import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeModel } from '../../src/model/file/model-file.ts'
import { createScorer } from '../../src/model/scorer.ts'
import { type BayesSpec, trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { tuningSpecSchema } from '../../src/model/spec/tuning-spec.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { createSimdEngine } from '../../src/training/engines/simd/simd-engine.ts'
import { settleSpec } from '../../src/training/fit/settle-spec.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { type Training, type TrainingHooks, trainModel } from '../../src/training/train.ts'
import { plantedRatings, ratingsOf } from './planted-ratings.ts'

const ratings = plantedRatings()
const backend = 'wasm'

/** Movies with some three ratings each that are good or bad, as one of their labels says. */
const labelled = (() => {
  const random = createRandom(2, 'labelled')
  const rows: [number, number, number][] = []
  const movies = new Map<string, string[]>()
  for (let movie = 0; movie < 200; movie++) {
    movies.set(`m${movie}`, [`kind:${movie % 2}`, `colour:${movie % 5}`])
    for (const user of new Set([random.below(40), random.below(40), random.below(40)]))
      rows.push([user, movie, (movie % 2 === 0 ? 2 : 4) + random.normal()])
  }
  return { ratings: ratingsOf(rows), attributes: { users: new Map(), movies } }
})()

const bayesSpec = (changes: object = {}) =>
  trainingSpecSchema.parse({
    algorithm: 'bayes',
    factors: 7,
    burnIn: 10,
    sweeps: 20,
    savedFactors: 8,
    refit: false,
    ...changes,
  }) as BayesSpec

const train = (changes: object = {}, hooks: TrainingHooks = {}) =>
  trainModel({ ratings, spec: bayesSpec(changes), backend, hooks })

const bytesOf = ({ fit }: Training) =>
  Buffer.concat(encodeModel(fit.model, { version: 'x' })).toString('base64')

test('what was planted is found, and the vectors saved say what the average of the sweeps says', async () => {
  const { fit, measurement } = await train({ chains: 2 })
  const { compression, engine, epochs } = fit.run
  const { errors, baselines } = measurement!
  assert.equal(engine, 'simd')
  assert.ok(errors.rmse < 0.25, `held-out RMSE ${errors.rmse}`)
  assert.ok(errors.rmse < 0.5 * baselines!['bias-only'].rmse)
  assert.equal(compression!.rows, 'held-out')
  assert.ok(Math.abs(compression!.savedRmse - errors.rmse) < 1e-6)
  assert.ok(Math.abs(compression!.averagedRmse - errors.rmse) < 0.005)
  assert.equal(epochs.filter(({ phase }) => phase === 'sampling').length, 40)
  assert.deepEqual(fit.run.sampling, { burnIn: fit.run.sampling!.burnIn, settled: true })
  assert.ok(fit.run.sampling!.burnIn >= 10 && epochs[9]!.phase === 'burn-in')
  assert.ok(Math.abs(epochs.at(-1)!.validMse! - compression!.averagedRmse ** 2) < 1e-12)
  assert.equal(epochs.at(-1)!.learningRate, null)
})

test('where nothing is held out, the loss by compression is measured on training rows', async () => {
  const { fit, measurement } = await train({ split: { valid: 0 } })
  const { compression, epochs } = fit.run
  assert.deepEqual(
    [measurement, compression!.rows, epochs.at(-1)!.validMse],
    [null, 'training', null],
  )
  assert.ok(compression!.savedRmse < 0.2)
})

test('one, two and three threads give the same bytes, and another seed others', async () => {
  const weightsAfter = async (threads: number, seed = 1) => {
    const engine = await createSimdEngine(threads)
    const spec = bayesSpec({ seed })
    const rows = plantedRatings({ users: 200, movies: 90 })
    const trainer = engine.createTrainer({ spec, rows, ratingRange: null })
    const ratesAt = () => ({ learningRate: 0, momentum: 0 })
    const errors: number[] = []
    for (let epoch = 0; epoch < 14; epoch++)
      errors.push((await trainer.trainEpoch({ epoch, ratesAt, pulse: createPulse() })).mse)
    const weights = await trainer.weights()
    trainer.dispose()
    return { errors, weights }
  }
  const one = await weightsAfter(1)
  assert.deepEqual(await weightsAfter(2), one)
  assert.deepEqual(await weightsAfter(3), one)
  assert.notDeepEqual(await weightsAfter(2, 2), one)
})

/** With two chains and no stop; trained once. */
let undisturbed: ReturnType<typeof train> | undefined

for (const epochsToLive of [4, 15, 40])
  test(`killed after ${epochsToLive} sweeps and resumed, it gives the bytes of an undisturbed training`, async () => {
    const changes = { chains: 2 }
    undisturbed ??= train(changes)
    let kept: Uint8Array | null = null
    const checkpoints = {
      intervalMs: 0,
      load: async () => kept,
      save: async (parts: readonly Uint8Array[]) => {
        kept = Uint8Array.from(Buffer.concat(parts))
      },
    }
    let lived = 0
    const onEpoch = () => {
      if (++lived > epochsToLive) throw new Error('killed')
    }
    await assert.rejects(train(changes, { checkpoints, onEpoch }), /killed/)
    const resumed = await train(changes, { checkpoints })
    assert.equal(bytesOf(resumed), bytesOf(await undisturbed))
    assert.deepEqual(resumed.fit.run.compression, (await undisturbed).fit.run.compression)
  })

test('of an unknown user it says what it expects of any, which is not the damped bias', async () => {
  const { model, baseline } = (await train()).fit
  const { predict } = createScorer(model)
  const known = predict(-1, 3)
  assert.ok(Math.abs(known - (baseline.mean + baseline.movieBias[3]!)) < 0.3)
  assert.notDeepEqual(model.baseline.movieBias, baseline.movieBias)
  assert.ok(Math.abs(predict(-1, -1) - baseline.mean) < 0.3)
})

test('attributes and bags say what a movie with few ratings is like', async () => {
  const rmse = async (changes: object) => {
    const { measurement } = await trainModel({
      ...{
        ratings: labelled.ratings,
        spec: bayesSpec({ sweeps: 60, burnIn: 40, ...changes }),
        backend,
      },
      attributes: labelled.attributes,
    })
    return measurement!.errors.rmse
  }
  const noBags = { bagOfMovies: false, bagOfUsers: false }
  const without = await rmse({ ...noBags, attributes: false })
  const withThem = await rmse(noBags)
  assert.ok(withThem < 0.9 * without, `${withThem}, without ${without}`)
})

test('few ratings get more sweeps, very many fewer and a shorter burn-in, unless told', () => {
  const drawsOf = (length: number, changes: object = {}) => {
    const rows = { ...ratings, rating: new Float32Array(length) }
    const asked = trainingSpecSchema.parse({ algorithm: 'bayes', ...changes })
    const spec = settleSpec(asked, rows, 'auto')
    return 'sweeps' in spec && [spec.sweeps, spec.burnIn]
  }
  assert.deepEqual(
    [4_000_000, 1_000_000, 64_000, 16_000, 1_000].map((n) => drawsOf(n)),
    [
      [125, 50],
      [250, 100],
      [250, 100],
      [500, 100],
      [1_000, 100],
    ],
  )
  assert.deepEqual(drawsOf(4_000_000, { sweeps: 20, burnIn: 7 }), [20, 7])
})

test('of few users and movies, in any numbers, what is saved is the average', async () => {
  for (const [users, movies] of [
    [1, 1],
    [2, 2],
    [6, 1],
    [5, 6],
    [7, 3],
  ] as const) {
    const few = ratingsOf(
      Array.from({ length: users * movies }, (_, i) => {
        return [i % users, Math.floor(i / users), 1 + ((7 * i) % 5)]
      }),
    )
    const spec = bayesSpec({ sweeps: 60, savedFactors: 64, ranking: null, split: { valid: 0 } })
    const { fit } = await trainModel({ ratings: few, spec, backend })
    const { averagedRmse, savedRmse } = fit.run.compression!
    assert.ok(
      Math.abs(savedRmse - averagedRmse) < 1e-4,
      `${users} × ${movies}: ${savedRmse}, on average ${averagedRmse}`,
    )
  }
})

test('a cancelled training stops soon', async () => {
  const signal = AbortSignal.timeout(200)
  await assert.rejects(train({ sweeps: 10_000 }, { signal }), { code: 'cancelled' })
})

test('what it has not is refused with a sentence', () => {
  const problemOf = (changes: object) => {
    const [issue] = trainingSpecSchema.safeParse({ algorithm: 'bayes', ...changes }).error!.issues
    return `${issue!.path.join('.')}: ${issue!.message}`
  }
  assert.match(problemOf({ engine: 'tensorflow' }), /engine: .*"simd" alone/)
  assert.match(problemOf({ earlyStopping: {} }), /earlyStopping: .*averages all of its sweeps/)
  const tuning = tuningSpecSchema.safeParse({ kind: 'tune', algorithm: 'bayes', trials: 3 })
  assert.match(
    tuning.error!.issues[0]!.message,
    /"bayes" has nothing to tune; expected one of "dot"/,
  )
})

test('what is saved of a long chain on few users and movies says what its average does', async () => {
  const random = createRandom(5, 'few')
  const biases = Array.from({ length: 60 }, () => 0.55 * random.normal())
  const rows: [number, number, number][] = []
  for (let user = 0; user < 30; user++)
    for (let movie = 0; movie < 30; movie++) {
      const rating = Math.round(4 + biases[user]! + biases[30 + movie]! + 0.7 * random.normal())
      if (random.uniform() < 0.35) rows.push([user, movie, Math.min(5, Math.max(1, rating))])
    }
  // Its bases are turned ten times: what a turn loses the next ones multiply.
  const spec = bayesSpec({ factors: 15, sweeps: 400, burnIn: 50, savedFactors: 64 })
  const { fit } = await trainModel({ ratings: ratingsOf(rows), spec, backend })
  const { averagedRmse, savedRmse } = fit.run.compression!
  assert.ok(Math.abs(savedRmse / averagedRmse - 1) < 0.02, `${savedRmse} of ${averagedRmse}`)
})
