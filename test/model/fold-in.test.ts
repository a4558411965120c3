import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fitPrior } from '../../src/model/fold-in/fit-prior.ts'
import { foldIn } from '../../src/model/fold-in/fold-in.ts'
import { foldInModelOf } from '../../src/model/fold-in/fold-in-model.ts'
import type { Model } from '../../src/model/model.ts'
import { createUserSpace } from '../../src/model/user-space.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { dotBiasModel, wideNetModel } from '../support/models.ts'

const base = dotBiasModel({ users: 60, movies: 40, factors: 4 })
const models: Record<string, Model> = {
  dot: { ...base, userBias: null, movieBias: null, ratingRange: null },
  'dot-bias': base,
  net: wideNetModel(),
}

const prepared = (model: Model) => {
  return { space: createUserSpace(model), prior: foldInModelOf(model).prior }
}

/**
 * A model whose ratings are its own predictions, so that its user vectors explain them almost
 * wholly.
 */
function planted(model: Model): Model {
  const space = createUserSpace(model)
  const [x, gradient] = [new Float64Array(space.size), new Float64Array(space.size)]
  const { offsets, movieIndex } = model.rated
  const random = createRandom(1, 'planted-taste')
  const rating = Float32Array.from(movieIndex, (movie, row) => {
    space.trained(offsets.findIndex((offset) => offset > row) - 1, x)
    return space.ratingOf(space.slope(x, movie, gradient)) + 0.03 * random.normal()
  })
  return { ...model, rated: { offsets, movieIndex, rating } }
}

for (const [name, model] of Object.entries(models))
  test(`a user vector of ${name} is found again from what it gave to movies`, () => {
    const { space, prior } = prepared(planted(model))
    const [x, gradient] = [new Float64Array(space.size), new Float64Array(space.size)]
    const movies = Array.from({ length: model.movies.size }, (_, movie) => movie)
    const rated = movies.slice(0, Math.ceil(movies.length / 2))
    const rates = (vector: Float64Array, movie: number) =>
      space.ratingOf(space.slope(vector, movie, gradient))
    let [foldedError, priorError] = [0, 0]
    for (let user = 0; user < model.users.size; user++) {
      space.trained(user, x)
      const rating = rated.map((movie) => rates(x, movie))
      const folded = foldIn(space, prior, { movieIndex: rated, rating })
      for (const movie of movies) {
        foldedError += (rates(folded.x, movie) - rates(x, movie)) ** 2
        priorError += (rates(prior.mean, movie) - rates(x, movie)) ** 2
      }
    }
    assert.ok(foldedError < 0.005 * priorError, `${foldedError} of ${priorError}`)
  })

test('without a rating range the user vector is the posterior mean', () => {
  const { space, prior } = prepared(models['dot']!)
  const own = { movieIndex: [3, 8, 20], rating: [1, -2, 0.5] }
  const { x } = foldIn(space, prior, own)
  // The derivative of |w|² + Σ (r − x·v)² / noise is zero in every direction Lᵀ of w.
  const gradient = new Float64Array(space.size)
  const slopes = own.movieIndex.map((movie, i) => {
    const residual = own.rating[i]! - space.slope(x, movie, gradient)
    return gradient.map((v) => (v * residual) / prior.noise)
  })
  const pull = x.map((_, i) => slopes.reduce((sum, slope) => sum + slope[i]!, 0))
  // So x = mean + LLᵀ·pull.
  const { size } = space
  const at = (i: number, j: number) => prior.root[i * size + j]!
  for (let i = 0; i < size; i++) {
    let expected = prior.mean[i]!
    for (let j = 0; j < size; j++)
      for (let n = 0; n <= Math.min(i, j); n++) expected += at(i, n) * at(j, n) * pull[j]!
    assert.ok(Math.abs(x[i]! - expected) < 1e-9)
  }
})

for (const [name, model] of Object.entries(models))
  test(`the shares of ratings in a user vector of ${name} add up to what they moved`, () => {
    const { space, prior } = prepared(model)
    const own = { movieIndex: [0, 2, 5], rating: [4, 1.5, 5] }
    const { x, shares } = foldIn(space, prior, own)
    const along = Float64Array.from({ length: space.size }, (_, i) => 1 - i / 3)
    const moved = along.reduce((sum, value, i) => sum + value * (x[i]! - prior.mean[i]!), 0)
    const total = shares(along).reduce((sum, share) => sum + share, 0)
    assert.ok(Math.abs(total - moved) < 1e-6, `${total} is ${moved}`)
  })

test('without a rating somebody is the mean of the trained users', () => {
  for (const model of Object.values(models)) {
    const space = createUserSpace(model)
    const prior = fitPrior(model, space)
    const { x } = foldIn(space, prior, { movieIndex: [], rating: [] })
    const vectors = model.users.ids.map((_, user) => {
      const vector = new Float64Array(space.size)
      space.trained(user, vector)
      return vector
    })
    for (const [i, value] of x.entries()) {
      const mean = vectors.reduce((sum, vector) => sum + vector[i]!, 0) / vectors.length
      assert.ok(Math.abs(value - mean) < 1e-9)
    }
  }
})

test('as many ratings as there are movies are a user vector too', () => {
  for (const model of Object.values(models)) {
    const { space, prior } = prepared(model)
    const movieIndex = Array.from({ length: model.movies.size }, (_, movie) => movie)
    const all = foldIn(space, prior, { movieIndex, rating: movieIndex.map(() => 5) })
    assert.ok(all.x.every(Number.isFinite))
  }
})
