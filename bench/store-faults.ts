import { parseArgs } from 'node:util'
import { Redis } from 'ioredis'
import { startRedis } from '../test/support/redis.ts'
import { startS3 } from '../test/support/s3.ts'
import { bucketKind } from '../test/support/store-faults/buckets.ts'
import { allFlows } from '../test/support/store-faults/flows.ts'
import { folderKind, tamperWithFiles, withoutLinks } from '../test/support/store-faults/folders.ts'
import { runStoreFaults } from '../test/support/store-faults/run-store-faults.ts'

// npm run store-faults [-- --seed 1 --sample 10 --store bucket --flow import]: an import, a training, a
// publication, a promotion and a compaction over a folder and a bucket, with each fault at each of their
// calls, or at so many drawn at random; fails where a half object is seen, the old model stops serving,
// or a retry does not end well.
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    sample: { type: 'string', default: 'Infinity' },
    store: { type: 'string', multiple: true },
    flow: { type: 'string', multiple: true },
  },
})
const print = (line: string) => process.stdout.write(`${line}\n`)
const ends: (() => unknown)[] = []
try {
  const server = await startRedis()
  ends.push(() => server.stop())
  const redis = new Redis(server.url)
  ends.push(() => redis.disconnect())
  const s3 = await startS3({ after: (end: () => unknown) => void ends.push(end) } as never)
  ends.push(tamperWithFiles())
  const kinds = [
    folderKind(),
    folderKind('folder without hard links', withoutLinks),
    bucketKind(s3),
  ]
  const chosen = <T extends { readonly name: string }>(all: T[], names: string[] | undefined) =>
    all.filter(({ name }) => !names || names.includes(name))
  const { tried, violations } = await runStoreFaults(
    chosen(kinds, values.store),
    chosen(allFlows(redis), values.flow),
    { seed: Number(values.seed), sample: Number(values.sample), log: print },
  )
  const cases = tried.reduce((sum, one) => sum + one.cases, 0)
  print(`${cases} cases of seed ${values.seed}, ${violations.length} violations`)
  for (const { store, flow, fault, call, what } of violations)
    print(`${store}, ${flow}, ${fault.kind} at ${fault.at} (${call}): ${what}`)
  if (violations.length > 0) process.exitCode = 1
} finally {
  for (const end of ends.reverse()) await end()
}
