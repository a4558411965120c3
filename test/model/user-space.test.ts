import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createScorer } from '../../src/model/scorer.ts'
import { createUserSpace } from '../../src/model/user-space.ts'
import { dotBiasModel, netModel } from '../support/models.ts'

const base = dotBiasModel()
const models = {
  dot: { ...base, userBias: null, movieBias: null, ratingRange: null },
  'dot-bias': base,
  net: netModel(),
}

for (const [name, model] of Object.entries(models)) {
  const space = createUserSpace(model)
  const [x, gradient] = [new Float64Array(space.size), new Float64Array(space.size)]

  test(`a trained user vector of ${name} rates as the scorer does`, () => {
    const wide = createScorer({ ...model, ratingScale: [-99, 99] })
    for (let user = 0; user < 4; user++)
      for (let movie = 0; movie < 6; movie++) {
        space.trained(user, x)
        const rating = space.ratingOf(space.slope(x, movie, gradient))
        assert.ok(Math.abs(rating - wide.predict(user, movie)) < 1e-5)
        const k = model.userFactors.columns
        const same = wide.of(Float32Array.from(x.subarray(0, k)), x[k] ?? 0)
        assert.ok(Math.abs(rating - same.predict(movie)) < 1e-5)
      }
  })

  test(`the slopes of ${name} are those of finite differences`, () => {
    const step = 1e-6
    const other = new Float64Array(space.size)
    for (let movie = 0; movie < 6; movie++) {
      space.trained(movie % 4, x)
      const z = space.slope(x, movie, gradient)
      for (const [i, slope] of gradient.entries()) {
        const moved = x.slice()
        moved[i]! += step
        const difference = (space.slope(moved, movie, other) - z) / step
        assert.ok(Math.abs(difference - slope) < 1e-4, `${difference} is near ${slope}`)
      }
      const rise = (space.ratingOf(z + step) - space.ratingOf(z)) / step
      assert.ok(Math.abs(rise - space.ratingSlope(space.ratingOf(z))) < 1e-4)
    }
  })
}
