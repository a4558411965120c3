import assert from 'node:assert/strict'
import { test } from 'node:test'
import { steppedSpecSchema } from '../../src/model/spec/training-spec.ts'
import { initialWeights } from '../../src/training/engines/initial-weights.ts'

const weightsOf = (spec: object) => initialWeights(steppedSpecSchema.parse(spec), 200, 300)

function moments(data: Float32Array) {
  const mean = data.reduce((a, b) => a + b) / data.length
  const variance = data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length
  return {
    mean,
    deviation: Math.sqrt(variance),
    lowest: Math.min(...data),
    highest: Math.max(...data),
  }
}

function assertUniform(data: Float32Array, from: number, to: number) {
  const { mean, deviation, lowest, highest } = moments(data)
  const width = to - from
  assert.ok(lowest >= Math.fround(from) && highest <= Math.fround(to))
  assert.ok(Math.abs(mean - (from + to) / 2) < 0.02 * width)
  assert.ok(Math.abs(deviation - width / Math.sqrt(12)) < 0.02 * width)
}

test('dot starts uniform in 0 … 0.05 with the settings of the notebooks', () => {
  const { userFactors, movieFactors, userBias, layers } = weightsOf({
    algorithm: 'dot',
    preset: 'fastai',
  })
  assertUniform(userFactors.data, 0, 0.05)
  assertUniform(movieFactors.data, 0, 0.05)
  assert.deepEqual([userFactors.rows, userFactors.columns], [200, 50])
  assert.equal(userBias, null)
  assert.deepEqual(layers, [])
})

test('dot starts normal, as the book has it', () => {
  const { userFactors } = weightsOf({ algorithm: 'dot' })
  const { mean, deviation, lowest } = moments(userFactors.data)
  assert.ok(Math.abs(mean) < 0.002 && Math.abs(deviation - 0.01) < 0.001 && lowest < -0.02)
})

test('dot-bias starts normal with a deviation of 0.01, biases too', () => {
  const { userFactors, movieFactors, userBias, movieBias } = weightsOf({ algorithm: 'dot-bias' })
  for (const data of [userFactors.data, movieFactors.data, userBias!, movieBias!]) {
    const { mean, deviation, highest } = moments(data)
    assert.ok(Math.abs(mean) < 0.002)
    assert.ok(Math.abs(deviation - 0.01) < 0.002)
    assert.ok(highest > 0.02)
  }
})

test('net starts as the notebooks: embeddings ±0.01, layers ±1/√inputs, the last of one unit', () => {
  const { userFactors, movieFactors, layers } = weightsOf({
    algorithm: 'net',
    userFactors: 30,
    movieFactors: 70,
    hiddenLayers: [64, 32],
  })
  assertUniform(userFactors.data, -0.01, 0.01)
  assertUniform(movieFactors.data, -0.01, 0.01)
  assert.deepEqual(
    layers.map(({ weight, bias }) => [weight.rows, weight.columns, bias.length]),
    [
      [64, 100, 64],
      [32, 64, 32],
      [1, 32, 1],
    ],
  )
  assertUniform(layers[0]!.weight.data, -0.1, 0.1)
  assertUniform(layers[1]!.weight.data, -1 / 8, 1 / 8)
})

test('beside biases to start from, biases and the last layer are 0 and the rest is drawn', () => {
  const none = new Float32Array(0)
  const start = { userBias: none, movieBias: none, firstFactor: 0.3 }
  const startOf = (spec: object) =>
    initialWeights(steppedSpecSchema.parse(spec), 200, 300, { start })
  const { userBias, movieBias, userFactors } = startOf({ algorithm: 'dot-bias' })
  assert.ok([...userBias!, ...movieBias!].every((bias) => bias === 0))
  const { columns, data } = userFactors
  const first = data.filter((_, i) => i % columns === 0)
  assert.ok(Math.abs(moments(first).mean - 0.3) < 0.01)
  assert.ok(Math.abs(moments(data.filter((_, i) => i % columns > 0)).deviation - 0.01) < 0.001)
  const { layers } = startOf({ algorithm: 'net', hiddenLayers: [8, 4] })
  const isZero = layers.map(({ weight, bias }) => [...weight.data, ...bias].every((x) => x === 0))
  assert.deepEqual(isZero, [false, false, true])
})
