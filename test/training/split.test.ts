import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomSplit } from '../../src/training/split.ts'

test('a split holds the share out, rounded down, and keeps all else', () => {
  for (const [rows, share, count] of [
    [10, 0.25, 2],
    [100_004, 0.2, 20_000],
    [5, 0, 0],
    [1, 0.9, 0],
  ] as const) {
    const { kept, heldOut } = randomSplit(rows, share, 42, 'split')
    assert.equal(heldOut.length, count)
    assert.equal(new Set([...kept, ...heldOut]).size, rows)
    assert.equal(kept.length + heldOut.length, rows)
  }
})

test('both parts are ascending, and the held-out rows come from everywhere', () => {
  const { kept, heldOut } = randomSplit(1_000, 0.5, 1, 'split')
  for (const part of [kept, heldOut]) assert.deepEqual(part, part.slice().sort())
  assert.ok(heldOut[0]! < 20 && heldOut.at(-1)! > 980)
})

test('the same seed holds the same rows out, another seed or stream others', () => {
  const of = (seed: number, stream: string) => randomSplit(200, 0.2, seed, stream).heldOut
  assert.deepEqual(of(1, 'split'), of(1, 'split'))
  assert.notDeepEqual(of(1, 'split'), of(2, 'split'))
  assert.notDeepEqual(of(1, 'split'), of(1, 'other'))
})
