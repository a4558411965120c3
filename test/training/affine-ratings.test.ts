import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Ratings } from '../../src/model/data/ratings.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { trainModel } from '../../src/training/train.ts'
import { inHalves, inUnit, quickSettings, units } from './affine.ts'
import { plantedRatings } from './planted-ratings.ts'

async function trained(ratings: Ratings, algorithm: keyof typeof quickSettings, seed: number) {
  const spec = trainingSpecSchema.parse({ algorithm, seed, ...quickSettings[algorithm] })
  const { fit, measurement } = await trainModel({ ratings, spec, backend: 'auto' })
  return { model: fit.model, ...measurement! }
}

for (const algorithm of ['dot-bias', 'dot', 'net', 'bayes'] as const)
  test(`of ratings in another unit, ${algorithm} predicts and ranks the same in that unit`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...units), fc.nat(1_000), async (unit, seed) => {
        const ratings = inHalves(plantedRatings({ users: 40, movies: 30, seed }))
        const plain = await trained(ratings, algorithm, seed)
        const other = await trained(inUnit(ratings, unit), algorithm, seed)
        const share = other.errors.rmse / (unit.size * plain.errors.rmse)
        assert.ok(Math.abs(share - 1) < 1e-3, `RMSE is ${share} of the same in the other unit`)
        assert.deepEqual(other.model.ranking, plain.model.ranking)
        assert.deepEqual(other.lists, plain.lists)
        const width = (of: typeof plain) => of.intervalCoverage.levels[0]!.width!
        assert.ok(Math.abs(width(other) / (unit.size * width(plain)) - 1) < 1e-2)
      }),
      { numRuns: 3, seed: 1, endOnFailure: true },
    )
  })
