import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { findRateCommand } from '../../src/cli/find-rate.ts'
import { rateSearchSchema } from '../../src/model/rate-search.ts'
import { plantedRatings } from '../training/planted-ratings.ts'

let folder = ''
let file = ''

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'marquee-find-rate-'))
  file = join(folder, 'ratings.csv')
  const { userIndex, movieIndex, rating } = plantedRatings({ users: 30, movies: 20 })
  const lines = [...rating].map((value, row) => {
    const stars = Math.round(value * 2) / 2
    return `${userIndex[row]},${movieIndex[row]},${stars},1000000000`
  })
  await writeFile(file, ['userId,movieId,rating,timestamp', ...lines, ''].join('\n'))
})

after(() => rm(folder, { recursive: true }))

/** In a process of its own, since what counts is what stands on stdout. */
async function findRate(...args: string[]): Promise<string> {
  const command = new URL('../../src/cli/find-rate.ts', import.meta.url)
  const program = `import { findRateCommand } from '${command}'
    await findRateCommand(${JSON.stringify(['--ratings', file, ...args])}, 'wasm')`
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--import', 'tsx', '--input-type=module', '--eval', program],
  ])
  return stdout
}

test('the curve is drawn with the suggestion marked, and --json prints the same search', async () => {
  const [text, json] = await Promise.all([findRate('--set', 'factors=3'), findRate('--json')])
  assert.match(text, /^ +rate +loss\n/)
  assert.match(text, /█ {2}◄ suggested\n/)
  assert.match(text, /\nsuggested learning rate: [\d.e-]+\n$/)
  const { points, suggestion } = rateSearchSchema.parse(JSON.parse(json))
  assert.ok(points.some(({ learningRate }) => learningRate === suggestion))
})

for (const [what, args, message] of [
  ['no ratings', [], /--ratings is missing/],
  ['an unknown option', ['--test', 'x'], /Unknown option '--test'/],
  ['an unknown setting', ['--ratings', 'x', '--set', 'epoch=1'], /epoch/],
  ['a seed that is no number', ['--ratings', 'x', '--seed', 'a'], /--seed a: expected a number/],
] as const)
  test(`${what} is refused in one sentence`, async () => {
    await assert.rejects(findRateCommand([...args], 'wasm'), { code: 'invalid-request', message })
  })
