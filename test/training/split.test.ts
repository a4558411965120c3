import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MarqueeError } from '../../src/errors.ts'
import { foldSplits, randomSplit } from '../../src/training/splitting/random-split.ts'

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

test('folds hold every row out exactly once and differ by one row at most', () => {
  for (const [rows, count] of [
    [10, 3],
    [100, 5],
    [2, 2],
    [7, 7],
  ] as const) {
    const folds = foldSplits(rows, count, 42)
    assert.equal(folds.length, count)
    assert.deepEqual(
      folds.flatMap(({ heldOut }) => [...heldOut]).sort((a, b) => a - b),
      [...Array(rows).keys()],
    )
    const sizes = folds.map(({ heldOut }) => heldOut.length)
    assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1)
    for (const { kept, heldOut } of folds) {
      assert.deepEqual([...new Set([...kept, ...heldOut])].length, rows)
      assert.deepEqual(kept, kept.slice().sort())
      assert.deepEqual(heldOut, heldOut.slice().sort())
    }
  }
})

test('the same seed makes the same folds, another seed others', () => {
  assert.deepEqual(foldSplits(50, 5, 1), foldSplits(50, 5, 1))
  assert.notDeepEqual(foldSplits(50, 5, 1), foldSplits(50, 5, 2))
})

test('one fold, more folds than rows, or half a fold are refused', () => {
  for (const count of [1, 0, -2, 11, 2.5, Number.NaN])
    assert.throws(
      () => foldSplits(10, count, 42),
      (error) =>
        error instanceof MarqueeError &&
        error.code === 'invalid-request' &&
        /expected a whole number from 2/.test(error.message),
    )
})
