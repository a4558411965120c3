import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fitPrior } from '../../src/model/fold-in/fit-prior.ts'
import { refitPrior } from '../../src/model/fold-in/refit-prior.ts'
import type { UserPrior } from '../../src/model/fold-in/user-prior.ts'
import type { Model } from '../../src/model/model.ts'
import { createUserSpace } from '../../src/model/user-space.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { dotBiasModel } from '../support/models.ts'

const noise = 0.2
const sizes = { users: 300, movies: 60, factors: 4 }

/** Everybody rated every movie by their vector; the model has those vectors drawn to zero. */
function drawnToZero(): { model: Model; spread: number } {
  const base: Model = {
    ...dotBiasModel(sizes),
    ...{ userBias: null, movieBias: null, ratingRange: null },
  }
  const random = createRandom(4, 'tastes')
  const vectors = Float32Array.from(base.userFactors.data, () => 2 + random.normal())
  const space = createUserSpace({ ...base, userFactors: { ...base.userFactors, data: vectors } })
  const [x, gradient] = [new Float64Array(space.size), new Float64Array(space.size)]
  const { users, movies, factors } = sizes
  const rating = new Float32Array(users * movies)
  for (let user = 0; user < users; user++) {
    space.trained(user, x)
    for (let movie = 0; movie < movies; movie++)
      rating[user * movies + movie] =
        space.slope(x, movie, gradient) + Math.sqrt(noise) * random.normal()
  }
  const model = {
    ...base,
    userFactors: { ...base.userFactors, data: vectors.map((value) => value / 2) },
    rated: {
      offsets: Uint32Array.from({ length: users + 1 }, (_, user) => user * movies),
      movieIndex: Uint32Array.from({ length: users * movies }, (_, row) => row % movies),
      rating,
    },
  }
  return { model, spread: factors }
}

/** The trace of LLᵀ. */
const spreadOf = ({ root }: UserPrior) => root.reduce((sum, value) => sum + value ** 2, 0)

test('from user vectors that were drawn to zero the prior of the true ones is found again', () => {
  const { model, spread } = drawnToZero()
  const space = createUserSpace(model)
  const prior = fitPrior(model, space)
  assert.ok(spreadOf(prior) < 0.3 * spread)
  assert.ok(prior.noise > 2 * noise)
  const refitted = refitPrior(model, space, prior)
  const share = spreadOf(refitted) / spread
  assert.ok(Math.abs(share - 1) < 0.15, `${share} of the spread`)
  assert.ok(Math.abs(refitted.noise / noise - 1) < 0.3, `noise ${refitted.noise}`)
  for (const value of refitted.mean) assert.ok(Math.abs(value - 2) < 0.25, `mean ${value}`)
})

test('without ratings there is nothing to refit to', () => {
  const { model } = drawnToZero()
  const rated = {
    offsets: new Uint32Array(sizes.users + 1),
    movieIndex: new Uint32Array(),
    rating: new Float32Array(),
  }
  const space = createUserSpace(model)
  const prior = fitPrior({ ...model, rated }, space)
  assert.equal(refitPrior({ ...model, rated }, space, prior), prior)
})
