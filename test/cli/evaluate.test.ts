import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { evaluateCommand } from '../../src/cli/evaluate.ts'
import { MarqueeError } from '../../src/errors.ts'
import { plantedRatings } from '../training/planted-ratings.ts'

let folder = ''
let ratings = ''

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'marquee-evaluate-'))
  ratings = join(folder, 'ratings.csv')
  const { userIndex, movieIndex, rating } = plantedRatings({ users: 40, movies: 30 })
  const lines = [...rating].map((value, row) => {
    const stars = Math.round(value * 2) / 2
    return `${userIndex[row]! + 1},${movieIndex[row]! + 1},${stars},1000000000`
  })
  await writeFile(ratings, ['userId,movieId,rating,timestamp', ...lines, ''].join('\n'))
})

after(() => rm(folder, { recursive: true }))

/** In a process of its own, since what counts is what stands on stdout. */
async function evaluate(...args: string[]): Promise<string> {
  const command = new URL('../../src/cli/evaluate.ts', import.meta.url)
  const program = `import { evaluateCommand } from '${command}'
    await evaluateCommand(${JSON.stringify(args)}, 'wasm')`
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--import', 'tsx', '--input-type=module', '--eval', program],
  ])
  return stdout
}

const quick = ['--set', 'epochs=2', '--set', 'factors=3']

test('--json prints one object: the model, then the baselines, on the same rows', async () => {
  const stdout = await evaluate('--ratings', ratings, '--json', '--seed', '7', ...quick)
  const { results } = JSON.parse(stdout) as { results: Record<string, unknown>[] }
  assert.deepEqual(
    results.map(({ algorithm }) => algorithm),
    ['dot-bias', 'global-mean', 'bias-only'],
  )
  for (const { rmse, mse, mae, rows, trainSeconds, seed } of results) {
    assert.ok(Math.abs((rmse as number) ** 2 - (mse as number)) < 1e-9)
    assert.ok((mae as number) > 0 && (mae as number) <= (rmse as number))
    assert.equal(rows, results[0]!['rows'])
    assert.ok((trainSeconds as number) >= 0)
    assert.equal(seed, 7)
  }
  assert.equal(results[0]!['engine'], 'tensorflow')
  assert.equal(results[0]!['backend'], 'wasm')
})

test('a table shows each epoch and the errors beside the baselines', async () => {
  const stdout = await evaluate('--ratings', ratings, '--algorithm', 'net', '--set', 'epochs=2')
  assert.match(stdout, /^epoch 1\/2 .*\nepoch 2\/2 .*\n\nalgorithm .*RMSE +MSE +MAE +rows/)
  assert.match(stdout, /\nnet +tensorflow\/wasm .*\nglobal-mean .*\nbias-only .*\n$/)
})

test('--test holds out the rows of a file of its own', async () => {
  const file = join(folder, 'test.csv')
  await writeFile(file, 'userId,movieId,rating,timestamp\n1,2,4,0\nnobody,nothing,1,0\n')
  const stdout = await evaluate('--ratings', ratings, '--test', file, '--json', ...quick)
  assert.equal(JSON.parse(stdout).results[0].rows, 2)
})

for (const [what, args, message] of [
  ['no ratings', [], /--ratings is missing/],
  ['an unknown option', ['--rating', 'x'], /Unknown option '--rating'/],
  ['an unknown algorithm', ['--ratings', 'x', '--algorithm', 'svd'], /algorithm/],
  ['an unknown setting', ['--ratings', 'x', '--set', 'epoch=1'], /epoch/],
  ['a setting out of bounds', ['--ratings', 'x', '--set', 'epochs=0'], /epochs/],
  ['a setting that is no number', ['--ratings', 'x', '--set', 'epochs=many'], /epochs/],
  ['a setting without a value', ['--ratings', 'x', '--set', 'epochs'], /expected NAME=VALUE/],
  ['a setting with an option of its own', ['--ratings', 'x', '--set', 'seed=1'], /use --seed/],
  ['a seed that is no number', ['--ratings', 'x', '--seed', 'a'], /--seed a: expected a number/],
  ['a share out of bounds', ['--ratings', 'x', '--valid', '1.5'], /split\.valid/],
  ['nothing held out', ['--ratings', 'x', '--valid', '0'], /nothing out/],
  ['two ways to hold out', ['--ratings', 'x', '--valid', '0.1', '--test', 'y'], /exclude/],
  ['a file that is not there', ['--ratings', '/nowhere/ratings.csv'], /\/nowhere/],
] as const)
  test(`${what} is refused in one sentence`, async () => {
    await assert.rejects(evaluateCommand([...args], 'wasm'), (error: Error) => {
      assert.ok(error instanceof MarqueeError && error.code === 'invalid-request')
      assert.match(error.message, message)
      assert.ok(!error.message.includes('\n'))
      return true
    })
  })
