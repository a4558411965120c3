import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Model } from '../../src/model/model.ts'
import { basisOf, createScorer } from '../../src/model/scorer.ts'
import { dotBiasModel, netModel } from '../support/models.ts'

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z))
const row = ({ data, columns }: Model['userFactors'], i: number) =>
  [...data].slice(i * columns, (i + 1) * columns)
const product = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0)
const clamp = (rating: number) => Math.min(5, Math.max(0.5, rating))
const close = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-5, `${actual} is near ${expected}`)

test('dot-bias is lo + (hi − lo)·σ(u·v + b_u + b_m), within the scale of the ratings', () => {
  const model = dotBiasModel()
  const scorer = createScorer(model)
  for (let user = 0; user < 4; user++)
    for (let movie = 0; movie < 6; movie++) {
      const z =
        product(row(model.userFactors, user), row(model.movieFactors, movie)) +
        model.userBias![user]! +
        model.movieBias![movie]!
      close(scorer.predict(user, movie), clamp(5.5 * sigmoid(z)))
    }
})

test('dot without a range is u·v', () => {
  const model = { ...dotBiasModel(), userBias: null, movieBias: null, ratingRange: null }
  const expected = product(row(model.userFactors, 1), row(model.movieFactors, 2))
  close(createScorer({ ...model, ratingScale: [-100, 100] }).predict(1, 2), expected)
})

test('net is the forward pass of its layers over the joined embeddings', () => {
  const model = netModel()
  const scorer = createScorer(model)
  const forward = (input: number[]) =>
    model.layers.reduce((x, { weight, bias }, n) => {
      const y = [...bias].map((b, unit) => b + product(row(weight, unit), x))
      return n < model.layers.length - 1 ? y.map((value) => Math.max(0, value)) : y
    }, input)[0]!
  for (let user = 0; user < 4; user++)
    for (let movie = 0; movie < 6; movie++) {
      const z = forward([...row(model.userFactors, user), ...row(model.movieFactors, movie)])
      close(scorer.predict(user, movie), clamp(5.5 * sigmoid(z)))
    }
})

for (const [name, model] of Object.entries({ 'dot-bias': dotBiasModel(), net: netModel() }))
  test(`all scores at once are the ratings one by one, but for the scale (${name})`, () => {
    const scorer = createScorer(model)
    for (const user of [-1, 0, 3]) {
      const scores = new Float32Array(6)
      scorer.scoreAll(user, scores)
      scores.forEach((score, movie) => {
        close(clamp(score), scorer.predict(user, movie))
      })
    }
  })

test('scores beyond the end of the scale keep their order', () => {
  const model = dotBiasModel()
  const scores = new Float32Array(6)
  createScorer({ ...model, movieBias: Float32Array.of(3, 4, 5, 6, 7, 8) }).scoreAll(0, scores)
  assert.equal(new Set(scores).size, 6)
})

test('an unknown side is answered from the damped biases, and the basis says so', () => {
  const { baseline, ...model } = dotBiasModel()
  const scorer = createScorer({ ...model, baseline })
  close(scorer.predict(-1, 2), clamp(baseline.mean + baseline.movieBias[2]!))
  close(scorer.predict(1, -1), clamp(baseline.mean + baseline.userBias[1]!))
  close(scorer.predict(-1, -1), baseline.mean)
  assert.deepEqual(
    [basisOf(1, 2), basisOf(-1, 2), basisOf(1, -1), basisOf(-1, -1)],
    ['trained', 'movie-bias', 'user-bias', 'global-mean'],
  )
})

test('no prediction leaves the scale of the ratings', () => {
  const model = dotBiasModel()
  const scorer = createScorer({ ...model, movieBias: model.movieBias!.map(() => 50) })
  assert.equal(scorer.predict(0, 0), 5)
})
