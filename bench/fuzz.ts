import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Api, createApi } from '../src/cli/demo/api.ts'
import { createProcesses, freePorts } from '../src/cli/demo/processes.ts'
import { createPools } from '../test/support/fuzz/pools.ts'
import { runFuzz } from '../test/support/fuzz/run-fuzz.ts'
import { smallArchive } from '../test/support/fuzz/small-archive.ts'
import { build } from './serving/build.ts'

// npm run fuzz [-- --seed 1 --requests 50000]: requests made from openapi.yaml, valid, nearly so and
// hostile, to a `serve` with a Redis, the sample and two models; fails unless each answer is one that
// openapi.yaml describes, none a fault or over five seconds, and memory stays flat.
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    requests: { type: 'string', default: '50000' },
  },
})

const print = (text: string) => process.stdout.write(`${text}\n`)
const buildFolder = new URL('../.marquee/fuzz/dist', import.meta.url).pathname
const sample = await readFile(new URL('../sample/ml-latest-small-2016.zip', import.meta.url))

/** Trains once and waits until the model serves. */
async function train(api: Api, factors: number): Promise<void> {
  const ranking = {
    factors,
    epochs: 2,
    unobservedWeight: 0.1,
    regularization: 0.3,
    priorRatings: 4,
  }
  const spec = { algorithm: 'dot-bias', factors, epochs: 3, ranking }
  const { id } = await api.post<{ id: string }>('/v1/training-jobs', spec)
  for (;;) {
    const { state } = await api.get<{ state: string }>(`/v1/training-jobs/${id}`)
    if (state === 'completed') return
    if (state !== 'queued' && state !== 'running') throw new Error(`The training ${state}.`)
    await sleep(100)
  }
}

async function idsOf(api: Api): Promise<Record<string, string[]>> {
  const { items } = await api.get<{ items: { movieId: string }[] }>(
    '/v1/movies/rankings/popular?n=100',
  )
  const models = await api.get<{ items: { version: string }[] }>('/v1/models')
  return {
    user: Array.from({ length: 120 }, (_, i) => String(1 + i)),
    movie: items.map(({ movieId }) => movieId),
    model: models.items.map(({ version }) => version),
    genre: ['Drama', 'Comedy', 'Film-Noir'],
    schedule: ['nightly', 'weekly', 'a'],
    experiment: ['autumn', 'winter'],
  }
}

/** Whether the second half of a run took more memory than the first, once it was warm. */
function growth(memory: readonly number[]): { before: number; after: number; isFlat: boolean } {
  const median = (part: readonly number[]) =>
    part.toSorted((a, b) => a - b)[Math.floor(part.length / 2)] ?? Number.NaN
  const quarter = Math.floor(memory.length / 4)
  const [before, after] = [
    median(memory.slice(quarter, 2 * quarter)),
    median(memory.slice(-quarter)),
  ]
  return { before, after, isFlat: after < 1.25 * before + 32 }
}

const folder = await mkdtemp(join(tmpdir(), 'marquee-fuzz-'))
const processes = createProcesses()
try {
  const [redisPort = 0, port = 0] = await freePorts(2)
  processes.start('redis-server', 'redis-server', ['--port', `${redisPort}`, '--save', ''])
  const environment = {
    ...{ PORT: `${port}`, HOST: '127.0.0.1', REDIS_URL: `redis://127.0.0.1:${redisPort}` },
    ...{ MARQUEE_STORE: join(folder, 'store'), MARQUEE_API_KEYS: '', LOG_LEVEL: 'warn' },
  }
  const cli = build(buildFolder)
  const serve = processes.start('serve', process.execPath, [cli, 'serve'], environment)
  const work = createProcesses()
  const api = createApi(`http://127.0.0.1:${port}`)
  await api.waitFor('/health/live')
  try {
    work.start('work', process.execPath, [cli, 'work'], environment)
    await api.upload('/v1/import', sample)
    for (const factors of [8, 12]) await train(api, factors)
  } finally {
    await work.stop()
  }
  print('A serve with the sample and two models is there.')
  const { statuses, violations, memory, ...figures } = await Promise.race([
    runFuzz({
      base: api.base,
      pools: createPools(await idsOf(api)),
      files: { archive: await smallArchive() },
      seed: Number(values.seed),
      requests: Number(values.requests),
      pid: serve.pid!,
      secrets: [folder],
      log: print,
    }),
    processes.failure,
  ])
  const good = (counts: Readonly<Record<string, number>>) =>
    Object.keys(counts).some((status) => status.startsWith('2'))
  for (const [id, counts] of Object.entries(statuses)) print(`${id}: ${JSON.stringify(counts)}`)
  const never = Object.keys(statuses).filter((id) => !good(statuses[id]!))
  const { before, after, isFlat } = growth(memory)
  print(`${figures.requests} requests of seed ${values.seed} in ${figures.seconds.toFixed(0)} s`)
  print(`worst ${figures.worstMs.toFixed(0)} ms; operations never answered 2xx: ${never}`)
  print(
    `memory of serve: ${before.toFixed(0)} MB in the second quarter, ${after.toFixed(0)} MB in the last`,
  )
  print(`violations: ${violations.length}`)
  if (violations.length > 0 || (memory.length >= 100 && !isFlat)) process.exitCode = 1
} finally {
  await processes.stop()
  for (const one of [folder, join(buildFolder, '..')])
    await rm(one, { recursive: true, force: true })
}
