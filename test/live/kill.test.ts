import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runChaos } from '../support/live-chaos.ts'

test('whatever is killed, what was acknowledged is in the next training once, and nothing refused', async () => {
  const outcome = await runChaos({ ratings: 600, kills: 3, seed: 7 })
  assert.deepEqual({ ...outcome, lost: outcome.lost.length }, { ...outcome, lost: 0 })
  assert.deepEqual(outcome.phantom, [])
  assert.equal(outcome.ofCard, outcome.ofData)
  assert.equal(outcome.killed.length, 3)
  assert.ok(outcome.acknowledged > 0)
})
