import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runSoak } from '../test/support/soak/run-soak.ts'
import { build } from './serving/build.ts'

// npm run soak [-- --minutes 60 --seed 1]: a `serve`, a `work` and a Redis under a steady load of reads,
// live ratings, erasures and retrains; prints what grows, an hour, with a 95 % interval. Garbage is
// collected every ten seconds: what V8 has not come to yet would look like a leak in short runs.
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
})
const print = (line: string) => process.stdout.write(`${line}\n`)
const collecting = 'data:text/javascript,setInterval(gc, 10_000).unref()'
const buildFolder = new URL('../.marquee/soak/dist', import.meta.url).pathname
try {
  const { asked, slopes } = await runSoak({
    minutes: Number(values.minutes),
    seed: Number(values.seed),
    command: [process.execPath, '--expose-gc', '--import', collecting, build(buildFolder)],
    log: print,
  })
  print(JSON.stringify(asked))
  const columns = (name: string, ...rest: string[]) =>
    print(`${name.padEnd(28)}${rest.map((one) => one.padStart(12)).join('')}`)
  columns('', 'median', 'an hour', 'low', 'high', 'differs')
  for (const [name, { median, slope, low, high, differsFromZero }] of Object.entries(slopes)) {
    const figures = [median, slope, low, high].map((figure) => figure.toFixed(1))
    columns(name, ...figures, differsFromZero ? 'yes' : 'no')
  }
} finally {
  rmSync(join(buildFolder, '..'), { recursive: true, force: true })
}
