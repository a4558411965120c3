import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import { createApi } from '../../src/cli/demo/api.ts'
import { freePorts } from '../../src/cli/demo/processes.ts'
import { generateRatings } from '../../src/cli/generate/generated-ratings.ts'
import { encodeModel } from '../../src/model/file/model-file.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { jobKeys } from '../../src/queue/job-keys.ts'
import type { TrainingJob } from '../../src/queue/job-schema.ts'
import type { BatchManifest } from '../../src/storage/batches/batches.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { createModelRegistry } from '../../src/storage/model-registry.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { trainModel } from '../../src/training/train.ts'
import { startMarquee, until } from '../support/marquee.ts'
import { cardOf, emptyReport } from '../support/models.ts'
import { redisOfFile } from '../support/redis.ts'

const cleanups: (() => unknown)[] = []
after(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup()
})

const users = 1_000
let api: ReturnType<typeof createApi>
let url: string
let environment: Record<string, string>
const { server, redis } = await redisOfFile()

function start(command: string) {
  const started = startMarquee([command], environment)
  cleanups.push(async () => {
    started.kill('SIGKILL')
    await started.ended
  })
  return started
}

before(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'marquee-recommend-all-'))
  cleanups.push(() => rm(folder, { recursive: true, force: true }))
  const store = createFileStore(folder)
  const size = { ratings: 20_000, users, movies: 300 }
  const { ratings } = generateRatings({ ...size, seed: 1 })
  const lines = Array.from(ratings.rating, (rating, row) => {
    const [user, movie] = [ratings.userIndex[row]!, ratings.movieIndex[row]!]
    return `${ratings.users.idOf(user)},${ratings.movies.idOf(movie)},${rating},1\n`
  })
  await importRatings(
    store,
    Readable.from([Buffer.from(['userId,movieId,rating,timestamp\n', ...lines].join(''))]),
  )
  const spec = trainingSpecSchema.parse({
    ...{ algorithm: 'dot-bias', engine: 'simd', epochs: 2, factors: 8, split: { valid: 0 } },
    ranking: {
      ...{ factors: 8, epochs: 2, unobservedWeight: 0.1, regularization: 0.3, priorRatings: 2 },
    },
  })
  const { model } = await trainModel({ ratings, spec, backend: 'wasm' })
  const newestImport = `${Date.now()}-ffffffff`
  const card = cardOf('first')
  await createModelRegistry(store).publish(
    { tensors: encodeModel(model), report: emptyReport },
    { ...card, data: { ...card.data, newestImport } },
  )
  const [port] = await freePorts(1)
  environment = {
    ...{ HOST: '127.0.0.1', PORT: String(port), REDIS_URL: server.url, MARQUEE_STORE: folder },
    ...{ MARQUEE_API_KEYS: '', MARQUEE_JOB_LOCK_MS: '2000', MARQUEE_BATCH_PART_ROWS: '1' },
    LOG_LEVEL: 'warn',
  }
  url = `http://127.0.0.1:${port}`
  api = createApi(url)
  start('serve')
  await api.waitFor('/health/ready')
})

const ask = (request: object) =>
  api.post<TrainingJob>('/v1/training-jobs', { kind: 'recommend-all', ...request })

async function completed(id: string): Promise<BatchManifest> {
  for await (const _ of api.events(`/v1/training-jobs/${id}/events`));
  const job = await api.get<TrainingJob>(`/v1/training-jobs/${id}`)
  assert.equal(job.state, 'completed', JSON.stringify(job.error))
  return api.get<BatchManifest>(`/v1/batches/${id}`)
}

async function linesOf({ id, parts }: BatchManifest): Promise<string[]> {
  const texts = await Promise.all(
    parts.map(async ({ part }) => (await fetch(`${url}/v1/batches/${id}/parts/${part}`)).text()),
  )
  return texts.flatMap((text) => text.split('\n').slice(0, -1))
}

type Line = { userId: string; basis: string; orderBy: string; items: { movieId: string }[] }
const list = { n: 20, minRatings: 3, diversity: 0.2 }
let manifest: BatchManifest

test('a list for everybody once, the same as the API gives, though a worker is killed among its parts', async (t) => {
  const put = (user: string, movie: string) =>
    fetch(`${url}/v1/users/${user}/ratings/${movie}`, {
      method: 'PUT',
      body: '{"rating": 5}',
      headers: { 'content-type': 'application/json' },
    })
  for (const user of ['1', 'a newcomer, "new"']) await put(encodeURIComponent(user), '7')
  const { id } = await ask({ list })
  const first = start('work')
  const keys = jobKeys('marquee', id)
  await until(async () => (await redis.hlen(keys.parts)) > 2)
  first.kill('SIGKILL')
  start('work')
  manifest = await completed(id)
  t.diagnostic(`${manifest.parts.length} parts, ${manifest.sizeBytes} bytes`)

  const lines = (await linesOf(manifest)).map((line) => JSON.parse(line) as Line)
  assert.deepEqual([manifest.users, manifest.rows, manifest.model], [users + 1, users + 1, 'first'])
  const ids = lines.map(({ userId }) => userId)
  assert.deepEqual([ids.length, new Set(ids).size], [users + 1, users + 1])
  const some = lines.filter(({ userId }, i) => i % 10 === 0 || /^(1|a.*)$/.test(userId))
  for (const { userId, ...line } of some) {
    const answer = await api.post<Line>('/v1/recommendations', { userId, ...list })
    const { basis, orderBy, items } = answer
    const shown = items.map(({ movieId, rating, score }: any) => ({ movieId, rating, score }))
    assert.deepEqual(line, { basis, orderBy, items: shown })
  }
})
