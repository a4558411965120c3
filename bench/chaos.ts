import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runChaos } from '../test/support/chaos/run-chaos.ts'
import { build } from './serving/build.ts'

// npm run chaos [-- --seed 1 --rounds 200 --only "kill work"]: one thing after another goes wrong under a
// `serve`, a `work` and a Redis while clients rate, import, erase, train, promote and schedule; fails
// unless all that was acknowledged is there once and whole, and nothing else is.
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '200' },
    only: { type: 'string', multiple: true },
  },
})
const print = (line: string) => process.stdout.write(`${line}\n`)
const buildFolder = new URL('../.marquee/chaos/dist', import.meta.url).pathname
try {
  const { violations, ...report } = await runChaos({
    rounds: Number(values.rounds),
    seed: Number(values.seed),
    command: [process.execPath, build(buildFolder)],
    log: print,
    ...(values.only && { only: values.only }),
  })
  print(JSON.stringify({ ...report, violations: violations.length }, null, 2))
  for (const { kind, what } of violations) print(`${kind}: ${what}`)
  if (violations.length > 0) process.exitCode = 1
} finally {
  rmSync(join(buildFolder, '..'), { recursive: true, force: true })
}
