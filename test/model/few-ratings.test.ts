import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { OwnRatings } from '../../src/model/data/ratings.ts'
import { foldIn } from '../../src/model/fold-in/fold-in.ts'
import { foldInModelOf, foldInUser } from '../../src/model/fold-in/fold-in-model.ts'
import { foldIntoRanking, rankingFoldInModelOf } from '../../src/model/fold-in/ranking-fold-in.ts'
import { rankingSpecSchema, resolvedRanking } from '../../src/model/spec/ranking-spec.ts'
import { createUserSpace } from '../../src/model/user-space.ts'
import { dotBiasModel } from '../support/models.ts'

const model = dotBiasModel({ users: 60, movies: 40, factors: 9 })
const fewRatings: fc.Arbitrary<OwnRatings> = fc
  .uniqueArray(fc.tuple(fc.nat(39), fc.integer({ min: 1, max: 10 })), {
    selector: ([movie]) => movie,
    maxLength: 9,
  })
  .map((pairs) => ({
    movieIndex: pairs.map(([movie]) => movie),
    rating: pairs.map(([, halves]) => halves / 2),
  }))

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  for (const [i, value] of Array.from(expected).entries())
    assert.ok(Math.abs(actual[i]! - value) < 1e-5 * (1 + Math.abs(value)), `${actual[i]}, ${value}`)
}

for (const [name, changed] of Object.entries({
  'dot-bias': model,
  'dot without a range': { ...model, userBias: null, movieBias: null, ratingRange: null },
}))
  test(`of few ratings the user vector of ${name} is that of all its equations`, () => {
    const folding = foldInModelOf(changed)
    const space = createUserSpace(changed)
    fc.assert(
      fc.property(fewRatings, (own) => {
        assertNear(foldInUser(folding, own), foldIn(space, folding.prior, own).x)
      }),
    )
  })

test('of few ratings the ranking vector is that of all its equations', () => {
  const { userFactors, movieFactors } = model
  const meanUser = Float32Array.from({ length: 9 }, (_, i) => i / 9)
  const ranked = { ...model, ranking: { userFactors, movieFactors, meanUser } }
  for (const unobservedWeight of [0.001, 0.1]) {
    const ranking = rankingSpecSchema.parse({ unobservedWeight, regularizationExponent: 0.5 })
    const folding = rankingFoldInModelOf(ranked, resolvedRanking(ranking))!
    fc.assert(
      fc.property(fewRatings, (own) => {
        assertNear(
          foldIntoRanking(folding, own),
          foldIntoRanking({ ...folding, turned: null }, own),
        )
      }),
    )
  }
})

test('copies of a model, and others of its shape, are folded in in one memory', (t) => {
  let memories = 0
  const { Memory } = WebAssembly
  t.after(() => {
    WebAssembly.Memory = Memory
  })
  WebAssembly.Memory = class extends Memory {
    constructor(...size: ConstructorParameters<typeof Memory>) {
      super(...size)
      memories += 1
    }
  }
  const spec = resolvedRanking(rankingSpecSchema.parse({}))
  const [one, other] = [1, 2].map((seed) => {
    const unranked = dotBiasModel({ users: 60, movies: 40, factors: 11, seed })
    const { userFactors, movieFactors } = unranked
    const ranking = { userFactors, movieFactors, meanUser: new Float32Array(11) }
    const rating = foldInModelOf(unranked)
    return { rating, relevance: rankingFoldInModelOf({ ...unranked, ranking }, spec)! }
  })
  const own = { movieIndex: [1, 5, 20], rating: [4, 2, 5] }
  const vectors = ({ rating, relevance }: NonNullable<typeof one>) => [
    foldInUser(rating, own),
    foldIntoRanking(relevance, own),
  ]
  const expected = [vectors(one!), vectors(other!)]
  assert.notDeepEqual(expected[0], expected[1])
  for (let i = 0; i < 5; i++) {
    assert.deepEqual(vectors(structuredClone(one!)), expected[0])
    assert.deepEqual(vectors(other!), expected[1])
    assert.deepEqual(vectors(one!), expected[0])
  }
  assert.equal(memories, 2, 'for the ratings and for the ranking')
})
