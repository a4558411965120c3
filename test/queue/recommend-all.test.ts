// Takes more than 15 s: a service with two workers, each part of whose batches is a process of its own.
import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import { parquetReadObjects } from 'hyparquet'
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
import type { ObjectStore } from '../../src/storage/object-store.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { trainModel } from '../../src/training/train.ts'
import { startMarquee, until } from '../support/marquee.ts'
import { cardOf, emptyReport } from '../support/models.ts'
import { redisOfFile } from '../support/redis.ts'
import { removeFolder } from '../support/remove-folder.ts'

const cleanups: (() => unknown)[] = []
after(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup()
})

/** How many there are. */
let users = 0
let api: ReturnType<typeof createApi>
let url: string
let environment: Record<string, string>
let store: ObjectStore
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
  cleanups.push(() => removeFolder(folder))
  store = createFileStore(folder)
  const size = { ratings: 20_000, users: 1_500, movies: 300 }
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
  users = model.users.size
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
  const lines: string[] = []
  // One after the other: of many at once a server with much to do refuses some.
  for (const { part } of parts) {
    const answer = await fetch(`${url}/v1/batches/${id}/parts/${part}`)
    assert.equal(answer.status, 200)
    lines.push(...(await answer.text()).split('\n').slice(0, -1))
  }
  return lines
}

type Movie = { movieId: string; rating: number; score: number }
type Line = { userId: string; basis: string; orderBy: string; items: Movie[] }
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
    const shown = items.map(({ movieId, rating, score }) => ({ movieId, rating, score }))
    assert.deepEqual(line, { basis, orderBy, items: shown })
  }
})

test('an erasure takes the user out of what was made', async () => {
  const before = await linesOf(manifest)
  await fetch(`${url}/v1/users/5`, { method: 'DELETE' })
  await until(async () => (await api.get<BatchManifest>(`/v1/batches/${manifest.id}`)).erased === 1)
  const erased = await api.get<BatchManifest>(`/v1/batches/${manifest.id}`)
  assert.deepEqual([erased.users, erased.rows], [users, users])
  const others = before.filter((line) => !line.startsWith('{"userId":"5",'))
  assert.deepEqual(await linesOf(erased), others)
  assert.equal(erased.sizeBytes, Buffer.byteLength(others.map((line) => `${line}\n`).join('')))
  // Nor is the user in what is made from now on.
  const anew = await completed((await ask({ list: { n: 1 } })).id)
  assert.equal(anew.users, users)
})

test('pairs, and users by id, get what the API answers, as CSV and Parquet too', async () => {
  const pairs = [
    { userId: '9', movieId: '11' },
    { userId: 'nobody', movieId: '11' },
    { userId: '9', movieId: 'no, such' },
  ]
  const predicted = await completed((await ask({ predict: { pairs }, format: 'csv' })).id)
  const { items } = await api.post<{ items: { rating: number; basis: string }[] }>(
    '/v1/predictions',
    { pairs },
  )
  const [known, stranger] = items
  assert.deepEqual(await linesOf(predicted), [
    'userId,movieId,rating,basis,lowest,highest',
    `9,11,${known!.rating},${known!.basis},,`,
    `nobody,11,${stranger!.rating},${stranger!.basis},,`,
    '9,"no, such",,,,',
  ])

  const asked = { users: ['9', 'nobody'], list: { n: 2, excludeDisliked: false } }
  const listed = await completed((await ask({ ...asked, format: 'csv' })).id)
  const rows: string[] = []
  for (const userId of asked.users) {
    const { items, basis } = await api.post<Line>('/v1/recommendations', { userId, ...asked.list })
    for (const [i, { movieId, rating, score }] of items.entries())
      rows.push(`${userId},${i + 1},${movieId},${rating},${score},${basis}`)
  }
  assert.deepEqual((await linesOf(listed)).slice(1), rows)
  assert.equal(listed.users, 2)
  // Without a movie there is no line, and nobody counts.
  const nothing = { ...asked, list: { candidateMovieIds: ['no, such'] } }
  const { users, rows: lists } = await completed((await ask({ ...nothing, format: 'csv' })).id)
  assert.deepEqual([users, lists], [0, 0])

  const columns = await completed((await ask({ ...asked, format: 'parquet' })).id)
  const read: object[] = []
  for (const { part } of columns.parts) {
    const answer = await fetch(`${url}/v1/batches/${columns.id}/parts/${part}`)
    assert.equal(answer.headers.get('content-type'), 'application/vnd.apache.parquet')
    read.push(...(await parquetReadObjects({ file: await answer.arrayBuffer() })))
  }
  assert.deepEqual(
    read.map((row) => Object.values(row).join()),
    rows,
  )
})

test('a file of users, or pairs, is answered as those who are named in a request', async () => {
  const send = (body: string) => fetch(`${url}/v1/batches/inputs`, { method: 'POST', body })
  const taken = async (text: string) => (await send(text)).json() as Promise<{ input: string }>
  const post = async (request: object) => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ kind: 'recommend-all', ...request })
    return (await fetch(`${url}/v1/training-jobs`, { method: 'POST', headers, body })).status
  }
  const file = 'name,User ID\nx,9\nx,nobody\nx,9\nx\nx,"1\n,"say ""hi"""\n'
  const { input, ...told } = await taken(file)
  assert.deepEqual(told, {
    ...{ what: 'users', count: 3, refused: 3 },
    refusals: [
      { line: 4, reason: 'userId is there already' },
      { line: 5, reason: 'userId is empty' },
      { line: 6, reason: 'its quotes do not close' },
    ],
  })
  const list = { n: 3 }
  const made = await completed((await ask({ input, list })).id)
  assert.deepEqual([made.id, made.users, made.spec.asked], [input, 3, { what: 'users', count: 3 }])
  const lines = (await linesOf(made)).map((line) => JSON.parse(line) as Line)
  for (const [i, userId] of ['9', 'nobody', 'say "hi"'].entries()) {
    const { items, basis } = await api.post<Line>('/v1/recommendations', { userId, ...list })
    const shown = items.map(({ movieId, rating, score }) => ({ movieId, rating, score }))
    assert.deepEqual([lines[i]!.userId, lines[i]!.basis, lines[i]!.items], [userId, basis, shown])
  }
  assert.equal(await post({ input, list }), 409)

  const pairs = await taken('userId,movieId\n9,11\nnobody,"no, such"\n')
  assert.equal(await post({ input: pairs.input }), 400)
  const predicted = await completed((await ask({ input: pairs.input, predict: {} })).id)
  const { items } = await api.post<{ items: object[] }>('/v1/predictions', {
    pairs: [
      { userId: '9', movieId: '11' },
      { userId: 'nobody', movieId: 'no, such' },
    ],
  })
  assert.deepEqual(
    (await linesOf(predicted)).map((line) => JSON.parse(line)),
    items,
  )
  assert.equal(await post({ input: 'job-000000000000000000000000' }), 400)
  for (const bad of ['movieId\n1\n', 'userId\n\n']) assert.equal((await send(bad)).status, 422)
})

test('of what cannot be answered the job says why, and one that is cancelled leaves nothing', async () => {
  const wrong = await ask({ predict: { movieIds: ['11'], interval: 0.9 } })
  for await (const _ of api.events(`/v1/training-jobs/${wrong.id}/events`));
  const { state, error } = await api.get<TrainingJob>(`/v1/training-jobs/${wrong.id}`)
  assert.deepEqual([state, error?.code], ['failed', 'no-intervals'])

  const some = Array.from({ length: 480 }, (_, i) => `user ${i}`)
  const { id } = await ask({ users: some, list: { n: 100, diversity: 1, explain: true } })
  await until(async () => (await redis.zcard('marquee:training:prioritized')) > 5)
  await fetch(`${url}/v1/training-jobs/${id}`, { method: 'DELETE' })
  assert.equal((await api.get<TrainingJob>(`/v1/training-jobs/${id}`)).state, 'cancelled')
  await until(async () => (await redis.hexists(jobKeys('marquee', id).job, 'finishedOn')) === 1)
  await until(async () => (await store.list(`batches/${id}/`)).length === 0)
  await until(async () => (await redis.keys('marquee:training:part-*')).length === 0)

  await fetch(`${url}/v1/batches/${manifest.id}`, { method: 'DELETE' })
  assert.equal((await fetch(`${url}/v1/batches/${manifest.id}`)).status, 404)
  assert.deepEqual(await store.list(`batches/${manifest.id}/`), [])
})
