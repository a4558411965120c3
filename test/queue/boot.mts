import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { startRedis } from '../support/redis.ts'
import { isAlive, trainingProcesses } from './processes.ts'
import { openBench, queued } from './queue-bench.ts'
import { stubSpec } from './stub-trainings.ts'

const server = await startRedis()
const afters: (() => unknown)[] = []
const bench = await openBench({ after: (f: () => unknown) => afters.push(f) } as never, server.url)
let n = 1
const seen = new Map<number, string>()
for (let delay = 50; delay < 3000; delay += 75) {
  for (const j of await bench.queue.list()) await bench.queue.cancel(j.id)
  await queued(bench.queue.add(stubSpec('steady', { epochs: 1000, factors: n++ }), 'v'))
  const p = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      'test/queue/boot-parent.mts',
      server.url,
      bench.prefix,
      bench.folder,
      (n % 2 ? 'T' : '') + delay,
    ],
    { stdio: 'inherit' },
  )
  const t = setInterval(() => {
    for (const c of trainingProcesses(bench)) if (!seen.has(c)) seen.set(c, `${delay}`)
  }, 10)
  await once(p, 'exit')
  clearInterval(t)
}
await sleep(6000)
console.log(
  'left',
  [...seen].filter(([c]) => isAlive(c)),
  'of',
  seen.size,
)
if (process.argv[2] !== 'keep') for (const [c] of seen) if (isAlive(c)) process.kill(c, 'SIGKILL')
for (const f of afters) await f()
await server.stop()
process.exit(0)
