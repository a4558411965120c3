import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom, permutation } from '../../src/numeric/random/random.ts'
import { createBatchLists } from '../../src/training/engines/webgpu/batch-lists.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { plantedRatings } from './planted-ratings.ts'

test('each part of an epoch has the rows of every batch, sorted by user and by movie', async () => {
  const rows = plantedRatings({ users: 20, movies: 15 })
  const size = rows.rating.length
  const batchSize = 32
  const lists = createBatchLists(rows, batchSize)
  for (const seed of [1, 2]) {
    const order = permutation(size, createRandom(seed, 'order'))
    const sorted = await lists.sort(order, createPulse())
    for (const [side, index] of [rows.userIndex, rows.movieIndex].entries())
      for (let from = 0; from < size; from += batchSize) {
        const to = Math.min(from + batchSize, size)
        const part = [...sorted.subarray(side * size + from, side * size + to)]
        assert.deepEqual(part.toSorted(), [...order.subarray(from, to)].toSorted())
        const keys = part.map((row) => index[row]!)
        assert.deepEqual(
          keys,
          keys.toSorted((a, b) => a - b),
        )
      }
  }
})
