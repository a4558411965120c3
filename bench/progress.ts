import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { generate } from '../src/cli/generate/generate.ts'
import { encodeModel } from '../src/model/file/model-file.ts'
import { trainingSpecSchema } from '../src/model/spec/training-spec.ts'
import { cardOf } from '../src/queue/worker/training/run-training-job.ts'
import { createFileStore } from '../src/storage/file-store.ts'
import { createModelRegistry } from '../src/storage/model-registry.ts'
import { importRatings } from '../src/storage/ratings/import-ratings.ts'
import { loadTrainingMaterial } from '../src/storage/training-material.ts'
import {
  createProgressMeter,
  type MeterReport,
  type ProgressMeter,
} from '../src/training/progress/meter.ts'
import { planTraining } from '../src/training/progress/plan-training.ts'
import type { Rates } from '../src/training/progress/rates.ts'
import { sizesOf } from '../src/training/progress/work.ts'
import { reportOf } from '../src/training/report/report.ts'
import { trainModel } from '../src/training/train.ts'

// npm run bench:progress [-- --ratings r.csv --algorithms bayes,dot-bias --jobs 2 --steps]: each job
// without the queue, on 5 million generated ratings unless told, the second with the rates of the
// first; --cpu: those by processor time, for a machine that is busy with other work.
process.chdir(fileURLToPath(new URL('../', import.meta.url)))
const { values } = parseArgs({
  options: {
    ratings: { type: 'string' },
    algorithms: { type: 'string', default: 'dot-bias,bayes' },
    jobs: { type: 'string', default: '2' },
    set: { type: 'string', default: '{}' },
    steps: { type: 'boolean', default: false },
    cpu: { type: 'boolean', default: false },
    rates: { type: 'string', default: '{}' },
  },
})
const folder = join(tmpdir(), `marquee-progress-${process.pid}`)
const backend = 'wasm'

type Sample = { readonly seconds: number; readonly cpu: number } & Record<
  'byWall' | 'byCpu',
  MeterReport
>

/** Seconds of processor time of this process, all of its threads. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** A meter by the clock on the wall, and one by processor time, which others do not disturb. */
function twoMeters(rates: Rates, onChange: (isStep: boolean) => void) {
  const byWall = createProgressMeter({ rates, onChange })
  const byCpu = createProgressMeter({ rates, now: () => 1_000 * cpuSeconds() })
  const both: ProgressMeter = {
    ...byWall,
    plan: (...plan) => [byCpu, byWall].forEach((meter) => void meter.plan(...plan)),
    begin: (...step) => [byCpu, byWall].forEach((meter) => void meter.begin(...step)),
    advance: (...share) => [byCpu, byWall].forEach((meter) => void meter.advance(...share)),
    resize: (...size) => [byCpu, byWall].forEach((meter) => void meter.resize(...size)),
    end: () => [byCpu, byWall].forEach((meter) => void meter.end()),
  }
  return { both, byWall, byCpu }
}

async function measure(algorithm: string, rates: Rates) {
  const spec = trainingSpecSchema.parse({ algorithm, ...JSON.parse(values.set) })
  const begin = performance.now()
  const cpuAtStart = cpuSeconds()
  const samples: Sample[] = []
  const steps: [string, number, number][] = []
  const now = () => ({
    seconds: (performance.now() - begin) / 1_000,
    cpu: cpuSeconds() - cpuAtStart,
  })
  const { both, byWall, byCpu } = twoMeters(rates, (isStep) => {
    const { seconds, cpu } = now()
    const report = byWall.report()
    const name = `${report.phase} ${report.step}`
    if (isStep && steps.at(-1)?.[0] !== name) steps.push([name, seconds, cpu])
    samples.push({ seconds, cpu, byWall: report, byCpu: byCpu.report() })
  })
  both.begin('load')
  const { ratings, attributes, dataVersion } = await loadTrainingMaterial(store)
  both.resize(ratings.rating.length)
  both.plan(planTraining(sizesOf(ratings), spec, backend))
  const training = await trainModel({ ratings, attributes, spec, backend, hooks: { meter: both } })
  both.begin('publish')
  const version = `v${samples.length}`
  await createModelRegistry(createFileStore(join(folder, 'models'))).publish(
    { tensors: encodeModel(training.model, { version }), report: reportOf(training) },
    cardOf({ version, jobId: null, ratings, dataVersion, live: [] }, training),
  )
  both.end()
  return { samples, steps, total: now(), byWall: byWall.measured(), byCpu: byCpu.measured() }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** At each tenth of the time by one clock: elapsed, estimate, truth, error. */
function printTable(
  samples: readonly Sample[],
  clock: 'seconds' | 'cpu',
  by: 'byWall' | 'byCpu',
  total: number,
): void {
  print('  share  phase       elapsed  estimate   truth   error')
  for (let tenth = 1; tenth <= 9; tenth++) {
    const sample = samples.find((one) => one[clock] >= (tenth / 10) * total)!
    const truth = total - sample[clock]
    const { secondsLeft, share, phase } = sample[by]
    const error = secondsLeft === null ? '?' : `${(100 * (secondsLeft / truth - 1)).toFixed(0)} %`
    const cells = [
      `${(100 * share).toFixed(0)} %`.padStart(7),
      phase.padEnd(11),
      sample[clock].toFixed(1).padStart(7),
      (secondsLeft?.toFixed(1) ?? '?').padStart(9),
      truth.toFixed(1).padStart(7),
      error.padStart(7),
    ]
    print(cells.join(' '))
  }
}

const csv = values.ratings ?? join(folder, 'ratings.csv')
const store = createFileStore(join(folder, 'store'))
await mkdir(folder, { recursive: true })
try {
  if (!values.ratings) await generate({ out: csv, ratings: 5_000_000, seed: 42 })
  await importRatings(store, createReadStream(csv, { highWaterMark: 1 << 20 }))
  const remembered: Rates = JSON.parse(values.rates)
  for (const algorithm of values.algorithms.split(',')) {
    let rates = remembered
    for (let job = 1; job <= Number(values.jobs); job++) {
      const load = loadavg()[0]!.toFixed(1)
      const { samples, steps, total, byWall, byCpu } = await measure(algorithm, rates)
      const after = loadavg()[0]!.toFixed(1)
      print(
        `\n${algorithm}, job ${job}, ${job === 1 ? 'with given rates' : 'with the rates before'}`,
      )
      print(` by the clock: ${total.seconds.toFixed(1)} s; load ${load} before, ${after} after`)
      printTable(samples, 'seconds', 'byWall', total.seconds)
      print(` by processor time: ${total.cpu.toFixed(1)} s on ${availableParallelism()} cores`)
      printTable(samples, 'cpu', 'byCpu', total.cpu)
      if (values.steps) {
        for (const [i, [name, seconds, cpu]] of steps.entries()) {
          const [, to, cpuTo] = steps[i + 1] ?? ['', total.seconds, total.cpu]
          print(
            `  ${name.padEnd(24)} ${(to - seconds).toFixed(2)} s, ${(cpuTo - cpu).toFixed(2)} s`,
          )
        }
        print(JSON.stringify(byCpu))
      }
      rates = values.cpu ? byCpu : byWall
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
