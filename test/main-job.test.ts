// Takes more than 15 s: two trainings on 100,000 ratings, in processes started as users start them,
// one of them with the slow engine, so that its worker can be killed in the middle.
import assert from 'node:assert/strict'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createApi } from '../src/cli/demo/api.ts'
import { freePorts } from '../src/cli/demo/processes.ts'
import type { ModelCard } from '../src/model/card.ts'
import type { TrainingJob } from '../src/queue/job-schema.ts'
import { descendantsOf, isRunning, startMarquee, until } from './support/marquee.ts'
import { startRedis } from './support/redis.ts'
import { removeFolder } from './support/remove-folder.ts'

/** The main job through real processes: serve, work and Redis, on the shipped sample. */
const sample = new URL('../sample/ml-latest-small-2016.zip', import.meta.url)
const favourites = [
  'Shawshank Redemption, The',
  'Godfather, The',
  'Usual Suspects, The',
  "Schindler's List",
  'To Kill a Mockingbird',
  'Pulp Fiction',
  'Fargo',
  'Matrix, The',
  'Silence of the Lambs, The',
  'Godfather: Part II, The',
  'Star Wars: Episode IV - A New Hope',
  'Forrest Gump',
  'Dark Knight, The',
  '12 Angry Men',
  'Rear Window',
]

const cleanups: (() => unknown)[] = []
after(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup()
})

let api: ReturnType<typeof createApi>
let environment: Record<string, string>

function start(...args: string[]) {
  const started = startMarquee(args, environment)
  cleanups.push(async () => {
    started.kill('SIGKILL')
    await started.ended
  })
  return started
}

before(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'marquee-main-job-'))
  cleanups.push(() => removeFolder(folder))
  const redis = await startRedis()
  cleanups.push(() => redis.stop())
  const [port] = await freePorts(1)
  environment = {
    HOST: '127.0.0.1',
    PORT: String(port),
    REDIS_URL: redis.url,
    MARQUEE_STORE: folder,
    MARQUEE_API_KEYS: '',
    MARQUEE_JOB_LOCK_MS: '2000',
    MARQUEE_CHECKPOINT_MS: '0',
    MARQUEE_MODEL_POLL_MS: '100',
    LOG_LEVEL: 'warn',
  }
  api = createApi(`http://127.0.0.1:${port}`)
  start('serve')
  await api.waitFor('/health/live')
})

const train = (spec: Record<string, unknown>) => api.post<TrainingJob>('/v1/training-jobs', spec)
const jobOf = (id: string) => api.get<TrainingJob>(`/v1/training-jobs/${id}`)
const servingModel = async () => {
  const { model } = await api.get<{ model: string | null }>('/health/ready')
  return model
}
async function completed(id: string): Promise<TrainingJob> {
  for await (const _ of api.events(`/v1/training-jobs/${id}/events`));
  const job = await jobOf(id)
  assert.equal(job.state, 'completed', JSON.stringify(job.error))
  return job
}

let lastWorker: ReturnType<typeof start> | undefined
async function replaceWorker() {
  lastWorker?.kill('SIGTERM')
  await lastWorker?.ended
  lastWorker = start('work')
  return lastWorker
}

let first: string

test('the sample goes in over HTTP and a model comes out of the queue', async () => {
  const answer = await api.upload<{
    ratings: { accepted: number; refused: number }
    movies: { accepted: number; refused: number }
  }>('/v1/import', await readFile(sample))
  assert.deepEqual([answer.ratings.accepted, answer.ratings.refused], [100_004, 0])
  assert.deepEqual([answer.movies.accepted, answer.movies.refused], [9_066, 0])

  await replaceWorker()
  const job = await completed((await train({ algorithm: 'dot-bias' })).id)
  assert.ok(job.model)
  first = job.model
  await until(async () => (await servingModel().catch(() => null)) === first)
  const card = await api.get<ModelCard>(`/v1/models/${first}`)
  assert.ok(card.metrics!.mse <= 0.765, `held-out MSE ${card.metrics!.mse} is at most 0.765`)
})

test('a prediction has an interval, and on held-out ratings such intervals hold', async () => {
  const { intervals } = await api.get<ModelCard>(`/v1/models/${first}`)
  const measured = intervals?.levels.find(({ level }) => level === 0.9)
  assert.ok(measured?.covered && measured.covered > 0.88 && measured.covered < 0.92)
  const { rating, interval } = await api.get<{
    rating: number
    interval: { lowest: number; highest: number }
  }>('/v1/users/15/predictions/318?interval=0.9')
  assert.ok(interval.lowest < rating && rating < interval.highest)
})

test('the movies that the notebooks put on top are on top', async () => {
  const { items } = await api.get<{ items: { title: string }[] }>(
    '/v1/movies/rankings/bias?order=top&n=30',
  )
  const found = favourites.filter((title) => items.some((item) => item.title === title))
  assert.ok(found.length >= 8, `${found.length} of 15: ${found.join('; ')}`)
})

test('a worker killed in mid-training: the old model serves on, a new worker completes the job', async () => {
  // The worker of the first test goes: the next one is to be alone with the job.
  const worker = await replaceWorker()
  // The fast engine would be done before anybody could kill it.
  const slow = { engine: 'tensorflow', batchSize: 1_024, epochs: 4, ranking: null, refit: false }
  const { id } = await train({ algorithm: 'dot-bias', ...slow, seed: 7 })
  for await (const { event } of api.events(`/v1/training-jobs/${id}/events`))
    if (event === 'epoch') break

  const family = [worker.pid, ...descendantsOf(worker.pid)]
  assert.ok(family.length >= 2, 'the training runs in a process of its own')
  worker.kill('SIGKILL')
  await until(() => !family.some(isRunning))
  assert.equal(await servingModel(), first)
  const prediction = await api.get<{ model: string }>('/v1/users/15/predictions/318')
  assert.equal(prediction.model, first)

  start('work')
  const job = await completed(id)
  assert.equal(job.attempts, 2)
  const { items } = await api.get<{ items: { version: string; jobId: string | null }[] }>(
    '/v1/models',
  )
  assert.equal(items.filter(({ jobId }) => jobId === id).length, 1)
  // Without a ranking it is worse than the first, and does not serve before a hand promotes it.
  assert.deepEqual([job.promotion?.verdict, await servingModel()], ['worse', first])
  await api.post(`/v1/models/${job.model}/promote`, {})
  assert.equal(await servingModel(), job.model)
})
