import assert from 'node:assert/strict'
import { test } from 'node:test'
import { learningRateSearchSchema } from '../../src/model/spec/learning-rate-search.ts'
import { plantedFile } from './planted-file.ts'
import { parse } from './run-program.ts'

const findLearningRate = plantedFile('find-rate')

test('the curve is drawn with the suggestion marked, and --json prints the same search', async () => {
  const [text, json] = await Promise.all([
    findLearningRate('--set', 'factors=3'),
    findLearningRate('--json'),
  ])
  assert.match(text, /^ +rate +loss\n/)
  assert.match(text, /█ {2}◄ suggested\n/)
  assert.match(text, /\nsuggested learning rate: [\d.e-]+\n$/)
  const { points, suggestion } = learningRateSearchSchema.parse(JSON.parse(json))
  assert.ok(points.some(({ learningRate }) => learningRate === suggestion))
})

for (const [what, args, message] of [
  ['no ratings', [], /'--ratings <path>' not specified/],
  ['an unknown option', ['--test', 'x'], /Unknown option '--test'.*Expected one of: --ratings, /],
  [
    'an unknown setting',
    ['--ratings', 'x', '--set', 'epoch=1'],
    /^--set epoch: dot-bias has .*Did you mean epochs\? Expected.* factors, /,
  ],
  [
    'a seed that is no number',
    ['--ratings', 'x', '--seed', 'a'],
    /'--seed <number>' argument 'a' is invalid\. Expected: whole number 0 to/,
  ],
] as const)
  test(`${what} is refused in one sentence`, async () => {
    await assert.rejects(parse(['find-rate', ...args]), { code: 'invalid-request', message })
  })
