import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createLogger } from '../src/logger.ts'
import type { JobRequest } from '../src/queue/job-request.ts'
import type { TrainingJob } from '../src/queue/job-schema.ts'
import { openTrainingQueue, type TrainingQueue } from '../src/queue/producer/training-queue.ts'
import { descendantsOf } from '../test/support/marquee.ts'
import { build } from './serving/build.ts'
import { startRedis } from './serving/processes.ts'

// npm run bench:recommend-all [-- --ratings 25000000 --users 162000 --movies 59000 --workers 1 --n 50
//   --store STORE (of an earlier run, with its model)]

const { values } = parseArgs({
  options: {
    ratings: { type: 'string', default: '1000000' },
    users: { type: 'string', default: '6500' },
    movies: { type: 'string', default: '4000' },
    workers: { type: 'string', default: '1' },
    n: { type: 'string', default: '50' },
    format: { type: 'string', default: 'ndjson' },
    store: { type: 'string' },
  },
})
const { ratings, users, movies } = values
const folder = mkdtempSync(join(tmpdir(), 'marquee-recommend-all-'))
const store = values.store ?? join(folder, 'store')
const buildFolder = new URL('../.marquee/recommend-all/dist', import.meta.url).pathname
const logger = createLogger('silent')

/** Starts workers, from a build; each is told of its memory at its end. */
function startWorkers(cli: string, count: number, redisUrl: string) {
  const env = { ...process.env, REDIS_URL: redisUrl, MARQUEE_STORE: store, LOG_LEVEL: 'warn' }
  return Array.from({ length: count }, () =>
    spawn(process.execPath, [cli, 'work'], { env, stdio: 'inherit' }),
  )
}

/** The most memory that any process of the worker has had, in MiB. */
function peakMib(pid: number): number {
  const peaks = descendantsOf(pid).map((child) => {
    try {
      const status = readFileSync(`/proc/${child}/status`, 'utf8')
      return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1_024
    } catch {
      return 0
    }
  })
  return Math.max(0, ...peaks)
}

/** Does a job; gives it with the time at which its progress first counted something, and the peak. */
async function done(queue: TrainingQueue, request: JobRequest, pids: number[]) {
  const added = await queue.add(request, String(Math.random()))
  if (added.outcome !== 'queued') throw new Error('The job is queued already.')
  let [peak, firstAt] = [0, 0]
  for await (const event of queue.events(added.job.id, {
    signal: AbortSignal.timeout(3_600_000),
  })) {
    peak = Math.max(peak, ...pids.map(peakMib))
    if (event.type === 'progress' && event.data.work) firstAt ||= Date.now()
  }
  const job = (await queue.find(added.job.id))!
  if (job.state !== 'completed') throw new Error(JSON.stringify(job.error))
  const seconds = (Date.parse(job.finishedAt!) - Date.parse(job.startedAt!)) / 1_000
  return { job, seconds, firstAt, peak }
}

const redis = await startRedis()
try {
  // Beside the packages that it imports.
  const cli = build(buildFolder)
  if (!values.store) {
    const script = new URL('recommend-all/make-store.ts', import.meta.url).pathname
    const memory = '--max-old-space-size=8192'
    execFileSync(process.execPath, [
      '--import',
      'tsx',
      memory,
      script,
      store,
      ratings,
      users,
      movies,
    ])
  }
  const queue = await openTrainingQueue({
    ...{ redisUrl: redis.url, prefix: 'marquee', attempts: 1, logger },
  })
  const workers = startWorkers(cli, Number(values.workers), redis.url)
  const request = {
    ...{ kind: 'recommend-all', format: values.format as 'ndjson' },
    list: { n: Number(values.n) },
  } as unknown as JobRequest
  const { job, seconds, firstAt, peak } = await done(
    ...([queue, request, workers.map(({ pid }) => pid!)] as const),
  )
  const { result } = job as Extract<TrainingJob, { kind: 'recommend-all' }>
  const whole = (number: number) => Math.round(number).toLocaleString('en')
  const making = (Date.parse(job.finishedAt!) - firstAt) / 1_000
  process.stdout.write(
    `${availableParallelism()} × ${cpus()[0]?.model}, Node ${process.version}, ${workers.length} worker(s)\n` +
      `${whole(result!.users)} lists of ${values.n} in ${seconds.toFixed(1)} s, ${whole(result!.users / seconds)} lists/s; ` +
      `without the time before the first, ${whole(result!.users / making)} lists/s\n` +
      `${whole(result!.sizeBytes / 1e6)} MB of ${values.format}; at most ${whole(peak)} MiB in a process\n`,
  )
  for (const worker of workers) worker.kill('SIGTERM')
  await queue.close()
} finally {
  await redis.stop()
  rmSync(folder, { recursive: true, force: true })
}
