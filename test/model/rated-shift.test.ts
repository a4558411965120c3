import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fitPrior } from '../../src/model/fold-in/fit-prior.ts'
import { foldIn } from '../../src/model/fold-in/fold-in.ts'
import { shiftOf, shiftPrior, shiftShares } from '../../src/model/fold-in/rated-shift.ts'
import type { Model } from '../../src/model/model.ts'
import { createUserSpace } from '../../src/model/user-space.ts'
import { createRandom, permutation } from '../../src/numeric/random/random.ts'
import { dotBiasModel } from '../support/models.ts'

const factors = 3

/**
 * Everybody rated ten movies at random; user vectors follow the factors of these, as far as `share`
 * says.
 */
function planted(users: number, share: number): Model {
  const base: Model = {
    ...dotBiasModel({ users, movies: 80, factors }),
    ...{ userBias: null, movieBias: null, ratingRange: null },
  }
  const random = createRandom(3, 'planted-shift')
  const movieIndex = new Uint32Array(10 * users)
  const vectors = new Float32Array(users * factors)
  for (let user = 0; user < users; user++) {
    const own = permutation(80, random).subarray(0, 10)
    movieIndex.set(own, 10 * user)
    for (let d = 0; d < factors; d++) {
      let sum = 0
      for (const movie of own) sum += base.movieFactors.data[movie * factors + d]!
      vectors[user * factors + d] = share * sum + 0.1 * random.normal()
    }
  }
  return {
    ...base,
    userFactors: { ...base.userFactors, data: vectors },
    rated: {
      offsets: Uint32Array.from({ length: users + 1 }, (_, user) => 10 * user),
      movieIndex,
      rating: new Float32Array(10 * users).fill(3),
    },
  }
}

function priorsOf(model: Model) {
  const plain = fitPrior(model, createUserSpace(model))
  return { plain, shifted: shiftPrior(model, createUserSpace(model), plain) }
}

const spreadOf = (root: Float64Array) => root.reduce((sum, value) => sum + value ** 2, 0)

test('where user vectors follow what was rated, what was rated tells a user vector', () => {
  const model = planted(200, 1)
  const { plain, shifted } = priorsOf(model)
  assert.ok(spreadOf(shifted.root) < 0.5 * spreadOf(plain.root))
  const x = new Float64Array(factors)
  let [left, all] = [0, 0]
  for (let user = 0; user < 200; user++) {
    createUserSpace(model).trained(user, x)
    const moved = shiftOf(
      shifted.shift!,
      model.rated.movieIndex.subarray(10 * user, 10 * user + 10),
    )
    for (let d = 0; d < factors; d++) {
      left += (x[d]! - plain.mean[d]! - moved[d]!) ** 2
      all += (x[d]! - plain.mean[d]!) ** 2
    }
  }
  assert.ok(left < 0.5 * all, `${left} of ${all}`)
})

test('where they do not, the prior stays as it was', () => {
  for (const users of [1, 8, 20, 40]) {
    const { plain, shifted } = priorsOf(planted(users, 0))
    assert.equal(shifted, plain)
  }
})

test('of nothing rated nothing is known', () => {
  const { shift } = priorsOf(planted(200, 1)).shifted
  assert.deepEqual([...shiftOf(shift!, [])], [0, 0, 0])
})

test('the shares of ratings add up to what they moved, by being there and by what was given', () => {
  const model = planted(200, 1)
  const { plain, shifted } = priorsOf(model)
  const own = { movieIndex: [0, 7, 33], rating: [4, 1.5, 5] }
  const { x, shares } = foldIn(createUserSpace(model), shifted, own)
  const along = Float64Array.of(1, -2, 0.5)
  const moved = along.reduce((sum, value, i) => sum + value * (x[i]! - plain.mean[i]!), 0)
  const total = shares(along).reduce((sum, share) => sum + share, 0)
  assert.ok(Math.abs(total - moved) < 1e-9, `${total} is ${moved}`)
  const there = shiftShares(shifted.shift!, own.movieIndex, along)
  const shift = shiftOf(shifted.shift!, own.movieIndex)
  const expected = along.reduce((sum, value, i) => sum + value * shift[i]!, 0)
  assert.ok(Math.abs(there.reduce((sum, share) => sum + share, 0) - expected) < 1e-9)
})

test('the spread is that of users who were not in the fit', () => {
  const users = 12
  const model = planted(users, 1)
  const { plain, shifted } = priorsOf(model)
  const x = new Float64Array(factors)
  const rows = Array.from({ length: users }, (_, user) => {
    createUserSpace(model).trained(user, x)
    const feature = Array.from({ length: factors }, (_, d) => {
      const own = model.rated.movieIndex.subarray(10 * user, 10 * user + 10)
      const values = Array.from(own, (movie) => model.movieFactors.data[movie * factors + d]!)
      return values.reduce((sum, value) => sum + value, 0) / Math.sqrt(10)
    })
    return { feature, vector: [...x] }
  })
  const means = (of: 'feature' | 'vector', among: typeof rows) =>
    Array.from({ length: factors }, (_, d) => {
      return among.reduce((sum, row) => sum + row[of][d]!, 0) / among.length
    })
  const center = means('feature', rows)
  const trace = rows.flatMap(({ feature }) => feature.map((value, d) => (value - center[d]!) ** 2))
  const strength = (0.1 * trace.reduce((sum, value) => sum + value, 0)) / factors

  let total = 0
  for (const row of rows) {
    const others = rows.filter((other) => other !== row)
    const [c, t] = [means('feature', others), means('vector', others)]
    for (let i = 0; i < factors; i++) {
      // Gradient descent on the ridge regression's objective: slow, and nothing of the code under
      // test.
      const g = new Array<number>(factors).fill(0)
      for (let step = 0; step < 20_000; step++) {
        const slope = g.map((value) => strength * value)
        for (const { feature, vector } of others) {
          const e = feature.reduce(
            (sum, value, d) => sum + (value - c[d]!) * g[d]!,
            t[i]! - vector[i]!,
          )
          for (let d = 0; d < factors; d++) slope[d]! += e * (feature[d]! - c[d]!)
        }
        for (let d = 0; d < factors; d++) g[d]! -= 0.02 * slope[d]!
      }
      const e = row.feature.reduce(
        (sum, value, d) => sum + (value - c[d]!) * g[d]!,
        t[i]! - row.vector[i]!,
      )
      total += e ** 2 / users
    }
  }
  assert.notEqual(shifted, plain)
  assert.ok(
    Math.abs(spreadOf(shifted.root) / total - 1) < 1e-6,
    `${spreadOf(shifted.root)}, ${total}`,
  )
})
