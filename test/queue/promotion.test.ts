import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { PromoteMode } from '../../src/model/promotion.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { readEvents } from '../../src/queue/job-events-store.ts'
import { jobKeys } from '../../src/queue/job-keys.ts'
import { newJobId, newVersion } from '../../src/queue/producer/job-identity.ts'
import { beginAttempt } from '../../src/queue/worker/attempt.ts'
import type { JobTools } from '../../src/queue/worker/job-tools.ts'
import { runTrainingJob } from '../../src/queue/worker/training/run-training-job.ts'
import { trainModel } from '../../src/training/train.ts'
import { openStore } from '../support/bench.ts'
import { redisOfFile } from '../support/redis.ts'
import { plantedRatings } from '../training/planted-ratings.ts'
import { noMaterial } from './stub-trainings.ts'

const { redis } = await redisOfFile()

const good = {
  ...{ algorithm: 'dot-bias', factors: 4, epochs: 12, learningRate: 0.05, weightDecay: 0.01 },
  ranking: { factors: 4, epochs: 3, unobservedWeight: 0.1, regularization: 0.3, priorRatings: 1 },
}
const wild = { ...good, epochs: 1, learningRate: 3, schedule: 'constant' }
const ratings = plantedRatings({ users: 60, movies: 40 })
const unwanted = () => Promise.reject(new Error('a training asked for it'))

/** A store, and a way to train in it as a worker does; `meanwhile` happens during the training. */
async function openTrainings(t: TestContext) {
  const { store, registry } = await openStore(t)
  const train = async (
    settings: object,
    promote: PromoteMode = 'auto',
    meanwhile?: () => Promise<unknown>,
  ) => {
    const id = newJobId()
    const keys = jobKeys('test', id)
    await redis.set(keys.lock, 'token')
    const spec = trainingSpecSchema.parse(settings)
    const asked = { promote, askedBy: 'admin:5e884898', version: newVersion(), dataVersion: 'v' }
    const told: unknown[] = []
    const tools: JobTools = {
      work: {
        loadMaterial: async () => ({ ...noMaterial(), ratings }),
        trainModel: async (task) => {
          const training = await trainModel(task)
          await meanwhile?.()
          return training
        },
        ...{ runTrial: unwanted, searchLearningRate: unwanted, openBatch: unwanted },
      },
      ...{ store, registry, backend: 'wasm' },
      exclusively: (work) => work(),
      begin: () => beginAttempt(redis, keys, 'token'),
      onPromotion: (_, promotion) => told.push(promotion),
    }
    const { signal } = new AbortController()
    const task = {
      id,
      payload: { kind: 'train', spec, warmStart: 'never', ...asked } as const,
      signal,
    }
    const published = await runTrainingJob(task, tools)
    const card = await registry.card(asked.version)
    const events = (await readEvents(redis, keys)).filter(({ type }) => type === 'promotion')
    assert.deepEqual(published.promotion, card.promotion)
    assert.deepEqual(told, [card.promotion])
    assert.deepEqual(events.at(-1)!.data, card.promotion)
    return { card, version: asked.version, events }
  }
  return { registry, train }
}

test('a bad first model serves; a good one takes its place, and a bad one not that of the good', async (t) => {
  const { registry, train } = await openTrainings(t)
  const bad = await train(wild)
  assert.deepEqual([bad.card.promotion!.verdict, bad.card.losesToBiases], ['first', true])
  const better = await train(good, 'if-better')
  const { promotion, refit, asked } = better.card
  assert.deepEqual(
    [promotion!.promoted, promotion!.verdict, promotion!.against, promotion!.askedBy],
    [true, 'better', bad.version, 'admin:5e884898'],
  )
  assert.ok(promotion!.comparison!.rmse.high < 0)
  assert.equal(refit!.rows, ratings.rating.length)
  assert.deepEqual(asked, trainingSpecSchema.parse(good))

  const refused = await train(wild)
  assert.equal(await registry.current(), better.version)
  assert.deepEqual(
    [refused.card.promotion!.promoted, refused.card.refit, refused.card.metrics!.rows > 0],
    [false, null, true],
  )
  await registry.promote(refused.version)
  assert.equal(await registry.current(), refused.version)
})

test('a rollback by hand survives the next training, and one that was under way', async (t) => {
  const { registry, train } = await openTrainings(t)
  const first = await train(good)
  await train({ ...good, seed: 2 })
  await registry.rollback('admin:1')
  const next = await train({ ...good, seed: 3 })
  assert.deepEqual([next.card.promotion!.verdict, next.card.refit], ['held', null])
  assert.equal(await registry.current(), first.version)

  await registry.promote(first.version)
  const fourth = await train({ ...good, seed: 4 })
  assert.equal(await registry.current(), fourth.version)
  const rollback = () => registry.rollback()
  const overtaken = await train({ ...good, seed: 5 }, 'auto', rollback)
  assert.deepEqual(
    overtaken.events.map(({ data }) => 'verdict' in data && data.verdict),
    ['same-settings', 'held'],
  )
  assert.equal(overtaken.card.promotion!.promoted, false)
  assert.equal(await registry.current(), first.version)
})

test('by hand: the figures are there, and the model is fitted to all ratings', async (t) => {
  const { registry, train } = await openTrainings(t)
  const first = await train(good)
  const { card } = await train({ ...good, factors: 5 }, 'manual')
  assert.equal(card.promotion!.verdict, 'manual')
  assert.ok(card.promotion!.comparison!.rows === card.metrics!.rows)
  assert.equal(card.refit!.rows, ratings.rating.length)
  assert.equal(await registry.current(), first.version)
})

test('under "if-better" a model is not promoted over another one than it was compared with', async (t) => {
  const { registry, train } = await openTrainings(t)
  await train(wild)
  const other = async () => (await train(good)).version
  let served = ''
  const late = await train({ ...good, factors: 5 }, 'if-better', async () => {
    served = await other()
  })
  assert.equal(late.card.promotion!.verdict, 'not-compared')
  assert.equal(await registry.current(), served)
})
