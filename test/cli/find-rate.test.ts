import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findRateCommand } from '../../src/cli/find-rate.ts'
import { learningRateSearchSchema } from '../../src/model/spec/learning-rate-search.ts'
import { plantedFile } from './planted-file.ts'

const findLearningRate = plantedFile('find-rate.ts', 'findRateCommand')

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
  ['no ratings', [], /--ratings is missing/],
  ['an unknown option', ['--test', 'x'], /Unknown option '--test'/],
  ['an unknown setting', ['--ratings', 'x', '--set', 'epoch=1'], /epoch/],
  ['a seed that is no number', ['--ratings', 'x', '--seed', 'a'], /--seed a: expected a number/],
] as const)
  test(`${what} is refused in one sentence`, async () => {
    await assert.rejects(findRateCommand([...args], 'wasm'), { code: 'invalid-request', message })
  })
