import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Redis } from 'ioredis'
import { startRedis } from '../test/support/redis.ts'
import { startS3 } from '../test/support/s3.ts'
import { bucketKind } from '../test/support/store-faults/buckets.ts'
import { allFlows } from '../test/support/store-faults/flows.ts'
import { folderKind, tamperWithFiles, withoutLinks } from '../test/support/store-faults/folders.ts'
import {
  runStoreFaults,
  type StoreFaultsReport,
} from '../test/support/store-faults/run-store-faults.ts'

// npm run store-faults [-- --seed 1 --sample 10 --store bucket --flow import]: an import, a training, a
// publication, a promotion and a compaction over folders and a bucket, with each fault at each of their
// calls, or at so many drawn at random; fails where a half object is seen, the old model stops serving,
// or a retry does not end well. Each store and flow has a process of its own, as many at once as there
// are cores (--processes), with so many cases side by side (--beside).
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    sample: { type: 'string', default: 'Infinity' },
    beside: { type: 'string', default: '4' },
    processes: { type: 'string', default: `${availableParallelism()}` },
    store: { type: 'string', multiple: true },
    flow: { type: 'string', multiple: true },
  },
})
const stores = ['bucket', 'folder', 'folder without hard links']
// The longest first.
const flows = ['training', 'publication', 'compaction', 'import', 'promotion']
// Thousands of folders are made, and nothing is asked of them after a loss of power.
if (existsSync('/dev/shm')) process.env['TMPDIR'] ??= '/dev/shm'

const { store: [store, ...others] = stores, flow: [flow, ...more] = flows } = values
if (process.send && store && flow) process.send(await runOne(store, flow))
else await runAll([store, ...others], [flow, ...more])

async function runOne(store: string, flow: string): Promise<StoreFaultsReport> {
  const ends: (() => unknown)[] = []
  const t = { after: (end: () => unknown) => void ends.push(end) } as never
  try {
    const server = await startRedis()
    ends.push(() => server.stop())
    const redis = new Redis(server.url)
    ends.push(() => redis.disconnect())
    ends.push(tamperWithFiles())
    const kinds = [folderKind(), folderKind('folder without hard links', withoutLinks)]
    if (store === 'bucket') kinds.push(bucketKind(await startS3(t)))
    return await runStoreFaults(
      kinds.filter(({ name }) => name === store),
      allFlows(redis).filter(({ name }) => name === flow),
      {
        ...{ seed: Number(values.seed), sample: Number(values.sample) },
        ...{ beside: Number(values.beside), log: print },
      },
    )
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

async function runAll(stores: unknown[], flows: unknown[]): Promise<void> {
  const begun = performance.now()
  const waiting = flows.flatMap((flow) => stores.map((store) => [store, flow] as const))
  const reports = new Map<string, StoreFaultsReport>()
  const left = waiting.values()
  const runSome = async () => {
    for (const [store, flow] of left) {
      const args = ['--store', `${store}`, '--flow', `${flow}`]
      const { seed, sample, beside } = values
      const settings = ['--seed', seed, '--sample', sample, '--beside', beside]
      const child = fork(fileURLToPath(import.meta.url), [...args, ...settings])
      child.once('message', (report: StoreFaultsReport) => {
        reports.set(`${store}, ${flow}`, report)
      })
      await once(child, 'exit')
      if (!reports.has(`${store}, ${flow}`)) print(`${store}, ${flow}: it did not come to its end.`)
    }
  }
  await Promise.all(Array.from({ length: Number(values.processes) }, runSome))
  const all = [...reports.values()]
  const violations = all.flatMap((one) => one.violations)
  print('\n| store | flow | calls | cases | ended well in spite | retried | violations | minutes |')
  print('|---|---|---|---|---|---|---|---|')
  for (const { tried } of all)
    for (const { store, flow, calls, cases, unharmed, violations, minutes } of tried) {
      const numbers = [calls, cases, unharmed, cases - unharmed, violations, minutes.toFixed(1)]
      print(`| ${[store, flow, ...numbers].join(' | ')} |`)
    }
  const cases = all.flatMap(({ tried }) => tried).reduce((sum, one) => sum + one.cases, 0)
  const minutes = ((performance.now() - begun) / 60_000).toFixed(1)
  print(
    `${cases} cases of seed ${values.seed}, ${violations.length} violations, ${minutes} minutes`,
  )
  for (const { store, flow, fault, call, what } of violations)
    print(`${store}, ${flow}, ${fault.kind} at ${fault.at} (${call}): ${what}`)
  if (violations.length > 0 || all.length < waiting.length) process.exitCode = 1
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
