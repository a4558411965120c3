import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tuningResultSchema } from '../../src/model/spec/trial.ts'
import { plantedFile } from './planted-file.ts'
import { parse } from './run-program.ts'

const tune = plantedFile('tune')

test('each trial is a line and the winner can be posted; --json prints one object', async () => {
  const args = ['--trials', '3', '--set', 'factors=[3,4]', '--set', 'epochs={"min":1,"max":3}']
  const [text, json] = await Promise.all([tune(...args), tune(...args, '--json')])
  assert.match(text, /^(trial \d\.1 {2}inner MSE .* epochs=[123] factors=[34]\n){3}\nwinner/)
  const { trials, winner } = tuningResultSchema.parse(JSON.parse(json))
  assert.equal(trials.length, 3)
  assert.ok(text.includes(JSON.stringify(JSON.parse(json).winner)))
  assert.ok((winner!.epochs as number) <= 3)
})

for (const [what, args, message] of [
  ['no ratings', ['--trials', '3'], /'--ratings <path>' not specified/],
  ['no budget', ['--ratings', 'x'], /expected "trials", "minutes" or both/],
  ['no time', ['--ratings', 'x', '--minutes', '0'], /minutes/],
  [
    'an unknown strategy',
    ['--ratings', 'x', '--trials', '1', '--strategy', 'luck'],
    /Expected: random \| halving/,
  ],
  [
    'an unknown setting',
    ['--ratings', 'x', '--trials', '1', '--set', 'factor=[3]'],
    /mean factors\?/,
  ],
  ['a value without a list', ['--ratings', 'x', '--trials', '1', '--set', 'factors=3'], /factors/],
] as const)
  test(`${what} is refused in one sentence`, async () => {
    await assert.rejects(parse(['tune', ...args]), { code: 'invalid-request', message })
  })
