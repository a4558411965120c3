import assert from 'node:assert/strict'
import { test } from 'node:test'
import { versionPattern } from '../../src/model/card.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { identityOf, newJobId, newVersion } from '../../src/queue/producer/job-identity.ts'

const spec = trainingSpecSchema.parse({ algorithm: 'dot-bias' })

test('a training is the same in whatever order its members come', () => {
  const reversed = Object.fromEntries(Object.entries(spec).reverse()) as typeof spec
  assert.notEqual(JSON.stringify(reversed), JSON.stringify(spec))
  assert.equal(identityOf(reversed, 'v'), identityOf(spec, 'v'))
})

test('another value, another depth or other ratings make another training', () => {
  const others = [
    identityOf({ ...spec, seed: 7 }, 'v'),
    identityOf({ ...spec, split: { method: 'random', valid: 0.1 } }, 'v'),
    identityOf(spec, 'w'),
  ]
  assert.equal(new Set([identityOf(spec, 'v'), ...others]).size, 4)
})

test('versions sort by time, differ within a millisecond, and are fit for a path', () => {
  const times = [1e12, 1.5e12, 1.5e12, 1.7e12].map((time) => newVersion(new Date(time)))
  assert.deepEqual([times[0], times[3]], [times.toSorted()[0], times.toSorted()[3]])
  assert.equal(new Set(times).size, 4)
  for (const version of times) assert.match(version, versionPattern)
})

test('job ids are no numbers and do not repeat', () => {
  const ids = Array.from({ length: 1_000 }, newJobId)
  assert.equal(new Set(ids).size, 1_000)
  assert.match(ids[0]!, /^job-[0-9a-f]{24}$/)
})
