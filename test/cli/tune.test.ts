import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { tuneCommand } from '../../src/cli/tune.ts'
import { tuningResultSchema } from '../../src/model/trial.ts'
import { plantedRatings } from '../training/planted-ratings.ts'

let folder = ''
let file = ''

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'marquee-tune-'))
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
async function tune(...args: string[]): Promise<string> {
  const command = new URL('../../src/cli/tune.ts', import.meta.url)
  const program = `import { tuneCommand } from '${command}'
    await tuneCommand(${JSON.stringify(['--ratings', file, ...args])}, 'wasm')`
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--import', 'tsx', '--input-type=module', '--eval', program],
  ])
  return stdout
}

test('each trial is a line and the winner can be posted; --json prints one object', async () => {
  const args = ['--trials', '3', '--set', 'factors=[3,4]', '--set', 'epochs={"min":1,"max":3}']
  const [text, json] = await Promise.all([tune(...args), tune(...args, '--json')])
  assert.match(text, /^(trial \d\.1 {2}inner MSE .* epochs=[123] factors=[34]\n){3}\nwinner/)
  const { trials, winner } = tuningResultSchema.parse(JSON.parse(json))
  assert.equal(trials.length, 3)
  assert.ok(text.includes(JSON.stringify(JSON.parse(json).winner)))
  assert.ok(winner!.epochs <= 3)
})

for (const [what, args, message] of [
  ['no ratings', ['--trials', '3'], /--ratings is missing/],
  ['no budget', ['--ratings', 'x'], /expected "trials", "minutes" or both/],
  ['no time', ['--ratings', 'x', '--minutes', '0'], /minutes/],
  ['an unknown strategy', ['--ratings', 'x', '--trials', '1', '--strategy', 'luck'], /strategy/],
  ['a value without a list', ['--ratings', 'x', '--trials', '1', '--set', 'factors=3'], /factors/],
] as const)
  test(`${what} is refused in one sentence`, async () => {
    await assert.rejects(tuneCommand([...args], 'wasm'), { code: 'invalid-request', message })
  })
