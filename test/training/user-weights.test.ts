import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../src/numeric/random/random.ts'
import { drawUserWeights } from '../../src/training/engines/simd/bayes/user-weights.ts'

test('the ratings of a user count by how little they stray, and about as others where there are few', () => {
  const start = Uint32Array.of(0, 100, 200, 202, 202)
  const errors = Float64Array.of(50, 200, 4, 0)
  const weights = new Float64Array(4)
  const means = new Float64Array(4)
  const random = createRandom(1, 'weights')
  const draws = 4_000
  for (let draw = 0; draw < draws; draw++) {
    drawUserWeights(weights, errors, start, 1, random)
    weights.forEach((weight, user) => {
      means[user]! += weight / draws
    })
  }
  // (4 + n) / (4 + E)
  for (const [user, expected] of [104 / 54, 104 / 204, 6 / 8, 1].entries())
    assert.ok(Math.abs(means[user]! - expected) < 0.05 * expected, `${means[user]} of user ${user}`)
})
