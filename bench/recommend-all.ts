import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { jobRequestSchema } from '../src/queue/job-request.ts'
import { type Done, measure } from './recommend-all/measure.ts'
import { build } from './serving/build.ts'

// npm run bench:recommend-all [-- --ratings 25000000 --users 162000 --movies 59000 --workers 1 --n 50
//   --store STORE (of an earlier run, with its model) --tuning (12 trials, on one worker and on two)]

const { values } = parseArgs({
  options: {
    ratings: { type: 'string', default: '1000000' },
    users: { type: 'string', default: '6500' },
    movies: { type: 'string', default: '4000' },
    workers: { type: 'string', default: '1' },
    n: { type: 'string', default: '50' },
    format: { type: 'string', default: 'ndjson' },
    store: { type: 'string' },
    tuning: { type: 'boolean', default: false },
  },
})
const { ratings, users, movies } = values
const folder = mkdtempSync(join(tmpdir(), 'marquee-recommend-all-'))
// Beside the packages that it imports.
const buildFolder = new URL('../.marquee/recommend-all/dist', import.meta.url).pathname
const store = values.store ?? join(folder, 'store')
const whole = (number: number) => Math.round(number).toLocaleString('en')
const print = (line: string) => process.stdout.write(`${line}\n`)

function makeStore(kind: 'model' | 'ratings'): void {
  if (values.store) return
  const script = new URL('recommend-all/make-store.ts', import.meta.url).pathname
  const args = ['--import', 'tsx', '--max-old-space-size=8192', script]
  execFileSync(process.execPath, [...args, kind, store, ratings, users, movies])
}

async function lists(cli: string): Promise<void> {
  makeStore('model')
  const { format, n, workers } = values
  const request = jobRequestSchema.parse({
    ...{ kind: 'recommend-all', format, list: { n: Number(n) } },
  })
  const done = await measure(cli, store, Number(workers), request)
  const result = done.job.kind === 'recommend-all' ? done.job.result! : null
  if (!result) return
  const rate = (seconds: number) => `${whole(result.users / seconds)} lists/s`
  print(
    `${whole(result.users)} lists of ${n} on ${workers} worker(s): ${done.seconds.toFixed(1)} s, ${rate(done.seconds)}; ` +
      `from the first part on ${rate(done.countingSeconds)}; ` +
      `${whole(result.users / done.cpuSeconds)} a second of CPU, loading and all; ` +
      `${whole(result.sizeBytes / 1e6)} MB of ${format}; at most ${whole(done.peakMib)} MiB in a process`,
  )
}

/** The trials, but for the time that they took, and the winner. */
function foundBy({ job }: Done): string {
  if (job.kind !== 'tune') return ''
  const trials = job.result.trials.map(({ seconds: _, ...trial }) => trial)
  trials.sort((a, b) => a.trial - b.trial)
  return JSON.stringify([trials, job.result.winner])
}

async function tuning(cli: string): Promise<void> {
  makeStore('ratings')
  // Engine simd trains in batches on one thread.
  const request = jobRequestSchema.parse({
    ...{ kind: 'tune', algorithm: 'dot-bias', engine: 'simd', trials: 12 },
    space: { weightDecay: { min: 0.01, max: 1, log: true }, factors: [32], epochs: [4] },
  })
  const one = await measure(cli, store, 1, request)
  const two = await measure(cli, store, 2, request)
  print(
    `12 trials on one worker ${one.seconds.toFixed(1)} s, on two ${two.seconds.toFixed(1)} s, ` +
      `ratio ${(two.seconds / one.seconds).toFixed(2)} (CPU ${(two.cpuSeconds / one.cpuSeconds).toFixed(2)}); ` +
      `${foundBy(one) === foundBy(two) ? 'the same' : 'ANOTHER'} winner and figures`,
  )
}

try {
  const cli = build(buildFolder)
  print(`${availableParallelism()} × ${cpus()[0]?.model}, Node ${process.version}`)
  await (values.tuning ? tuning(cli) : lists(cli))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
