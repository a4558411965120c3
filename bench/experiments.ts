import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type LoadFigures, load } from './serving/load.ts'
import { makeSampleStore, modelOf, versions } from './serving/make-stores.ts'
import { startRedis, startServe } from './serving/processes.ts'

// npm run bench:experiments [-- --turns 5 --seconds 2 --store STORE]: lists of ten while an experiment
// runs, beside the same lists while none does; nothing is asserted.

const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    // A store with the two models of an earlier run, to spare the training.
    store: { type: 'string' },
  },
})
const root = new URL('../', import.meta.url)
const folder = mkdtempSync(join(tmpdir(), 'marquee-experiments-'))
const store = join(folder, 'store')
if (values.store === undefined)
  await makeSampleStore(store, new URL('sample/ml-latest-small-2016.zip', root))
else cpSync(values.store, store, { recursive: true })
const users = (await modelOf(store)).users.ids.slice(0, 200)
const paths = users.map((userId) => `/v1/users/${userId}/recommendations`)

const redis = await startRedis()
const cli = new URL('src/cli.ts', root).pathname
const cached = await startServe(cli, store, redis)
const anew = await startServe(cli, store, redis, { memoryBytes: 0 })
const experiment = '/v1/experiments/bench'

async function ask(path: string, method: string, body?: object) {
  const headers = { 'content-type': 'application/json' }
  const init = { method, ...(body && { headers, body: JSON.stringify(body) }) }
  const response = await fetch(cached.url + path, init)
  if (!response.ok) throw new Error(await response.text())
}

/** Resolves once both servers give user arms, or none. */
async function settled(isRunning: boolean): Promise<void> {
  for (const { url } of [cached, anew])
    for (;;) {
      const list = await (await fetch(url + paths[0])).json()
      if ('experiment' in (list as object) === isRunning) break
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
}

const middle = (figures: readonly LoadFigures[], of: 'rps' | 'p50' | 'p99') =>
  figures.map((one) => one[of]).sort((a, b) => a - b)[Math.floor(figures.length / 2)]!

try {
  const rows = [
    { name: 'list of ten, remembered', server: cached },
    { name: 'list of ten, made anew', server: anew },
  ].map((row) => ({ ...row, without: [] as LoadFigures[], with: [] as LoadFigures[] }))
  for (let turn = 0; turn <= Number(values.turns); turn++)
    for (const state of ['without', 'with'] as const) {
      if (state === 'with') await ask(experiment, 'PUT', { treatment: versions[1] })
      await settled(state === 'with')
      for (const row of rows) {
        const figures = await load(row.server.url, { paths }, Number(values.seconds))
        // The first turn warms up.
        if (turn > 0) row[state].push(figures)
      }
      if (state === 'with') await ask(experiment, 'DELETE')
    }
  process.stdout.write('| request | experiment | requests/s | p50 ms | p99 ms | failed |\n')
  process.stdout.write('| --- | --- | --- | --- | --- | --- |\n')
  for (const row of rows)
    for (const state of ['without', 'with'] as const) {
      const of = row[state]
      const failed = of.reduce((sum, one) => sum + one.failed, 0)
      const cells = [Math.round(middle(of, 'rps')), middle(of, 'p50'), middle(of, 'p99'), failed]
      process.stdout.write(`| ${[row.name, state, ...cells].join(' | ')} |\n`)
    }
} finally {
  await Promise.all([cached.stop(), anew.stop(), redis.stop()])
  rmSync(folder, { recursive: true, force: true })
}
