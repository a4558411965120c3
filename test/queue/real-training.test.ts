// Takes more than 15 s: four worker processes and their trainings, which load all engines; one
// training is long enough to be killed in the middle, and is made twice to compare the bytes.
import assert from 'node:assert/strict'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { decodeModel, tensorsOf } from '../../src/model/file/model-file.ts'
import { createScorer } from '../../src/model/scorer.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { materialVersionOf } from '../../src/storage/training-material.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { endProcess, isAlive, startWorkerProcess, trainingProcesses } from './processes.ts'
import { ended, eventOf, openBench, queued, until } from './queue-bench.ts'
import { everySeconds, openScheduleBench } from './schedule-bench.ts'

let server: TestRedis
before(async () => {
  server = await startRedis()
})
after(() => server.stop())

/** A checkerboard: a user likes a movie when both numbers are even or both are odd. */
async function* checkerboard(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('userId,movieId,rating,timestamp\n')
  for (let user = 1; user <= 40; user++)
    for (let movie = 1; movie <= 30; movie++) {
      const isHeldBack = user === 40 && movie > 15
      const rating = user % 2 === movie % 2 ? 5 : 1
      if (!isHeldBack) yield Buffer.from(`${user},${movie},${rating},1\n`)
    }
}

const cli = { file: '../../src/cli.ts', args: ['work'] }
const afterEachEpoch = { env: { MARQUEE_CHECKPOINT_MS: '0' } }

const spec = trainingSpecSchema.parse({
  algorithm: 'dot-bias',
  factors: 8,
  epochs: 15,
  learningRate: 0.05,
  weightDecay: 0.01,
})

test('marquee work trains what was queued, publishes a model that has learnt it, and stops when told', async (t) => {
  const bench = await openScheduleBench(t, server.url)
  const { queue, registry, schedules, store } = bench
  const worker = await startWorkerProcess(bench, cli)

  const early = await queued(queue.add(spec, await materialVersionOf(store)))
  const { error } = await ended(queue, early.id)
  assert.equal(error?.code, 'no-ratings')

  await importRatings(store, checkerboard())
  const dataVersion = await materialVersionOf(store)
  const { id } = await queued(queue.add(spec, dataVersion))
  const job = await ended(queue, id)
  assert.equal(job.error, null)
  assert.deepEqual([job.state, job.epochs.length], ['completed', 15])

  const card = await registry.card((await registry.current())!)
  assert.deepEqual([card.version, card.jobId, card.data.version], [job.model, id, dataVersion])
  assert.deepEqual(card.epochs, job.epochs)
  assert.ok(card.metrics!.rmse < 0.5 && card.baselines!['bias-only'].rmse > 1.5)
  const model = decodeModel(await registry.tensors(card))
  const rating = (user: string, movie: string) =>
    createScorer(model).predict(model.users.indexOf(user)!, model.movies.indexOf(movie)!)
  assert.ok(rating('40', '20') > 4 && rating('40', '21') < 2)

  // It runs schedules, too, and counts from the data of that model.
  await schedules.put('each-second', everySeconds(1, { minNewRatings: 1 }))
  const runs = async () => (await schedules.find('each-second')).runs
  await until(async () => (await runs()).length > 0, 'a schedule has ticked')
  assert.match((await runs())[0]!.detail, new RegExp(`^0 new ratings .* model ${card.version}`))

  assert.deepEqual(await endProcess(worker, 'SIGTERM'), [0, null])
})

test('a job whose worker was killed goes on from its checkpoint and publishes the bytes of an undisturbed one', async (t) => {
  const bench = await openBench(t, server.url)
  const { queue, registry, folder } = bench
  const store = createFileStore(folder)
  await importRatings(store, checkerboard())
  const long = { ...spec, epochs: 100, batchSize: 1, factors: 100 }
  const add = async () => queued(queue.add(long, 'v'))
  const worker = { ...cli, ...afterEachEpoch }

  const disturbed = await add()
  const first = await startWorkerProcess(bench, worker)
  const { data } = await eventOf(
    queue,
    disturbed.id,
    ({ type, data }) => type === 'epoch' && data.epoch === 3,
  )
  await endProcess(first, 'SIGKILL')
  const second = await startWorkerProcess(bench, worker)
  const resumed = await ended(queue, disturbed.id)
  assert.deepEqual([resumed.state, resumed.attempts], ['completed', 2])
  // Its seconds are those of the first attempt: the epoch was not trained again.
  assert.deepEqual(resumed.epochs[2], data)
  assert.deepEqual(await store.list('checkpoints/'), [])

  const undisturbed = await ended(queue, (await add()).id)
  const tensors = async ({ model }: typeof resumed) =>
    tensorsOf(decodeModel(await registry.tensors(await registry.card(model!))))
  assert.deepEqual(await tensors(resumed), await tensors(undisturbed))
  await endProcess(second, 'SIGTERM')
})

test('marquee work that is told twice to stop exits with 1, and no training stays behind', async (t) => {
  const bench = await openBench(t, server.url)
  const { queue, folder } = bench
  await importRatings(createFileStore(folder), checkerboard())
  const long = trainingSpecSchema.parse({ algorithm: 'dot-bias', epochs: 1_000 })
  const { id } = await queued(queue.add(long, 'v'))
  const worker = await startWorkerProcess(bench, cli)
  await eventOf(queue, id, ({ type }) => type === 'epoch')
  const processes = trainingProcesses(bench)
  assert.equal(processes.length, 1)
  worker.kill('SIGTERM')
  for await (const line of createInterface(worker.stderr!))
    if (line.includes('The worker stops.')) break
  assert.deepEqual(await endProcess(worker, 'SIGTERM'), [1, null])
  await until(() => !processes.some(isAlive), 'the training is gone')
})
