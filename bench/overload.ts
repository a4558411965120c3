import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Model } from '../src/model/model.ts'
import { type Call, closedLoop, type Outcome, openLoop } from './overload/open-loop.ts'
import { megabytes, probe, quantiles } from './overload/probe.ts'
import { build } from './serving/build.ts'
import { makeSampleStore, modelOf } from './serving/make-stores.ts'
import { startRedis, startServe, startWork } from './serving/processes.ts'

// npm run overload [-- --seconds 120 --times 3]: a `serve` of the sample, asked several times as much
// as it can answer, by clients that do not wait for one another, while ratings are imported and a
// `work` trains one model after the other.
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    times: { type: 'string', default: '3' },
    cli: { type: 'string' },
  },
})
const [seconds, times] = [Number(values.seconds), Number(values.times)]

/** Dear questions and cheap ones, in turn; each of another user and other movies. */
function mixOf({ users, movies }: Model): () => Call {
  const user = (i: number) => encodeURIComponent(users.ids[(7 * i) % users.size]!)
  const movie = (i: number) => movies.ids[(13 * i) % movies.size]!
  const post = (path: string, body: object): Call => {
    return { method: 'POST', path, body: JSON.stringify(body) }
  }
  const get = (path: string): Call => ({ method: 'GET', path })
  const many = (i: number, n: number) => Array.from({ length: n }, (_, k) => i * 31 + k)
  const kinds: ((i: number) => Call)[] = [
    (i) => get(`/v1/users/${user(i)}/predictions/${movie(i)}`),
    (i) =>
      post('/v1/recommendations', {
        ratings: many(i, 100).map((k) => ({ movieId: movie(k), rating: 1 + (k % 9) / 2 })),
      }),
    (i) => get(`/v1/users/${user(i)}/recommendations?n=50&minRatings=${i % 50}`),
    (i) =>
      post('/v1/predictions', {
        pairs: many(i, 500).map((k) => ({ userId: users.ids[k % users.size], movieId: movie(k) })),
      }),
    (i) => get(`/v1/movies/${movie(i)}/similar?n=50`),
    (i) =>
      post('/v1/recommendations/batch', {
        users: many(i, 20).map((k) => ({ userId: users.ids[k % users.size] })),
      }),
  ]
  let calls = 0
  return () => {
    const i = calls++
    return kinds[i % kinds.length]!(Math.floor(i / kinds.length))
  }
}

const print = (text: string) => process.stdout.write(`${text}\n`)

function told(name: string, outcomes: readonly Outcome[], overSeconds: number): void {
  const statuses = new Map<number, Outcome[]>()
  for (const one of outcomes) statuses.set(one.status, [...(statuses.get(one.status) ?? []), one])
  print(`${name}: ${(outcomes.length / overSeconds).toFixed(0)} calls/s`)
  for (const [status, some] of [...statuses].sort(([a], [b]) => a - b))
    print(
      `  ${status || 'none'}: ${some.length} (${(some.length / overSeconds).toFixed(0)}/s), ${quantiles(some)}`,
    )
}

/** Imports of new users and trainings, one of each at a time, a moment between them; gives how often each was taken. */
function besides(base: string, { movies }: Model) {
  const taken = { imports: 0, trainings: 0 }
  let isOver = false
  const put = (path: string, type: string, body: string) =>
    fetch(base + path, { method: 'POST', headers: { 'content-type': type }, body })
      .then(async (answer) => ({ ok: answer.ok, body: (await answer.json()) as { id?: string } }))
      .catch(() => ({ ok: false, body: {} as { id?: string } }))
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  const imports = async () => {
    for (let turn = 0; !isOver; turn++) {
      const rows = Array.from({ length: 5_000 }, (_, i) => {
        const movie = movies.ids[(17 * i + turn) % movies.size]
        return `new-${turn}-${Math.floor(i / 100)},${movie},${1 + (i % 4)},${1_000_000 + i}`
      })
      const csv = `userId,movieId,rating,timestamp\n${rows.join('\n')}\n`
      if ((await put('/v1/ratings/import', 'text/csv', csv)).ok) taken.imports++
      await pause(1_000)
    }
  }
  const trainings = async () => {
    const spec = JSON.stringify({ algorithm: 'dot-bias', promote: 'manual' })
    while (!isOver) {
      const { ok, body } = await put('/v1/training-jobs', 'application/json', spec)
      if (ok) taken.trainings++
      for (let state = 'queued'; ok && !isOver && /queued|running/.test(state); await pause(1_000))
        state = await fetch(`${base}/v1/training-jobs/${body.id}`)
          .then(async (answer) => ((await answer.json()) as { state?: string }).state ?? 'queued')
          .catch(() => 'queued')
      await pause(1_000)
    }
  }
  const running = Promise.all([imports(), trainings()])
  return {
    async stop() {
      isOver = true
      await running
      return taken
    },
  }
}

const folder = mkdtempSync(join(tmpdir(), 'marquee-overload-'))
const buildFolder = new URL('../.marquee/overload/dist', import.meta.url).pathname
try {
  const store = join(folder, 'store')
  const archive = new URL('../sample/ml-latest-small-2016.zip', import.meta.url)
  await makeSampleStore(store, archive)
  const redis = await startRedis()
  const cli = values.cli ?? build(buildFolder)
  const server = await startServe(cli, store, redis)
  const model = await modelOf(store)
  const calls = mixOf(model)
  const work = startWork(cli, store, redis)
  const beside = besides(server.url, model)
  await closedLoop(server.url, calls, { callers: 10, seconds: 3 })
  const calm = await closedLoop(server.url, calls, { callers: 10, seconds: 5 })
  const best = calm.filter(({ status }) => status === 200).length / 5
  told('sustainable, ten callers', calm, 5)
  const before = megabytes(server.pid!)
  let isOver = false
  const probing = probe(server.url, '/health/live', () => isOver)
  const outcomes = await openLoop(server.url, calls, { rate: times * best, seconds })
  const after = megabytes(server.pid!)
  isOver = true
  const { imports, trainings } = await beside.stop()
  print(`taken meanwhile, and before: ${imports} imports of 5,000 ratings, ${trainings} trainings`)
  told(`${times} times that, open loop`, outcomes, seconds)
  const good = outcomes.filter(({ status }) => status === 200).length / seconds
  print(`goodput ÷ best: ${(good / best).toFixed(2)}`)
  print(`/health/live meanwhile: ${quantiles(await probing)}`)
  print(`memory of serve: ${before.toFixed(0)} MB before, ${after.toFixed(0)} MB after`)
  await work.stop()
  const again = await closedLoop(server.url, calls, { callers: 1, seconds: 2 })
  told('one caller, right after', again, 2)
  await server.stop()
  await redis.stop()
} finally {
  rmSync(folder, { recursive: true, force: true })
  rmSync(join(buildFolder, '..'), { recursive: true, force: true })
}
