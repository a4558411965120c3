import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import * as tf from '@tensorflow/tfjs-core'
import { createRandom } from '../../src/numeric/random/random.ts'
import { dotObjective } from '../../src/training/engines/tensorflow/dot-objective.ts'
import { netObjective } from '../../src/training/engines/tensorflow/net-objective.ts'
import type { Objective } from '../../src/training/engines/tensorflow/objective.ts'
import { startWasm } from '../../src/training/engines/tensorflow/wasm-backend.ts'

type Range = readonly [number, number] | null
type Shaped = { shape: number[]; data: Float64Array }

// User 1 and movie 2 stand twice in the batch, so their gradients must be summed.
const users = [1, 0, 1, 3]
const movies = [2, 1, 0, 2]
const ratings = [4, 2.5, 1, 5]
const hidden = [3, 2]
const random = createRandom(7)
const masks = [5, ...hidden].map((units) =>
  Float64Array.from({ length: users.length * units }, () => (random.uniform() < 0.3 ? 0 : 1.5)),
)

const shaped = (...shape: number[]): Shaped => ({
  shape,
  data: Float64Array.from({ length: shape.reduce((a, b) => a * b) }, () => 0.7 * random.normal()),
})

const cases: {
  name: string
  objective: (range: Range) => Objective
  parameters: Shaped[]
  output: (parameters: Shaped[], row: number) => number
}[] = [
  { name: 'dot', objective: dotObjective, parameters: [shaped(4, 3), shaped(3, 3)], output: dot },
  {
    name: 'dot-bias',
    objective: dotObjective,
    parameters: [shaped(4, 3), shaped(3, 3), shaped(4), shaped(3)],
    output: dot,
  },
  {
    name: 'net',
    objective: netObjective,
    parameters: [
      ...[shaped(4, 2), shaped(3, 3), shaped(3, 5), shaped(3)],
      ...[shaped(2, 3), shaped(2), shaped(1, 2), shaped(1)],
    ],
    output: net,
  },
]

before(startWasm)

for (const { name, objective, parameters, output } of cases)
  for (const range of [null, [0, 5.5]] as Range[])
    test(`the gradients of ${name} ${range ? 'with' : 'without'} a range are those of finite differences`, () => {
      const mse = () => meanSquaredError(parameters, output, range)
      const { squaredError, gradients } = gradientsOf(objective(range), parameters)
      assert.ok(Math.abs(squaredError / ratings.length - mse()) < 1e-4)
      parameters.forEach(({ data }, n) => {
        data.forEach((value, i) => {
          const h = 1e-5
          data[i] = value + h
          const above = mse()
          data[i] = value - h
          const below = mse()
          data[i] = value
          const expected = (above - below) / (2 * h)
          const actual = gradients[n]![i]!
          assert.ok(
            Math.abs(actual - expected) < 1e-4 * Math.max(1, Math.abs(expected)),
            `parameter ${n}, element ${i}: ${actual}, expected ${expected}`,
          )
        })
      })
    })

function gradientsOf(objective: Objective, parameters: Shaped[]) {
  return tf.tidy(() => {
    const batch = {
      users: tf.tensor1d(users, 'int32'),
      movies: tf.tensor1d(movies, 'int32'),
      ratings: tf.tensor1d(ratings),
      offsets: null,
      masks: masks.map((mask) => tf.tensor2d([...mask], [users.length, mask.length / 4])),
    }
    const tensors = parameters.map(({ shape, data }) => tf.tensor([...data], shape))
    const { squaredError, gradients } = objective(tensors, batch)
    return {
      squaredError: squaredError.dataSync()[0]!,
      gradients: gradients.map((gradient, n) => {
        assert.deepEqual(gradient.shape, parameters[n]!.shape)
        return gradient.dataSync()
      }),
    }
  })
}

function meanSquaredError(
  parameters: Shaped[],
  output: (parameters: Shaped[], row: number) => number,
  range: Range,
): number {
  const errors = ratings.map((rating, row) => {
    const z = output(parameters, row)
    const predicted = range ? range[0] + (range[1] - range[0]) / (1 + Math.exp(-z)) : z
    return (predicted - rating) ** 2
  })
  return errors.reduce((a, b) => a + b) / errors.length
}

function rowOf({ shape, data }: Shaped, row: number): number[] {
  return [...data.subarray(row * shape[1]!, (row + 1) * shape[1]!)]
}

function inner(a: number[], b: number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}

function dot([u, v, userBias, movieBias]: Shaped[], row: number): number {
  const product = inner(rowOf(u!, users[row]!), rowOf(v!, movies[row]!))
  return product + (userBias?.data[users[row]!] ?? 0) + (movieBias?.data[movies[row]!] ?? 0)
}

function net([u, v, ...layers]: Shaped[], row: number): number {
  const dropped = (values: number[], n: number) =>
    values.map((value, i) => value * masks[n]![row * values.length + i]!)
  let x = dropped([...rowOf(u!, users[row]!), ...rowOf(v!, movies[row]!)], 0)
  for (let n = 0; n < layers.length / 2; n++) {
    const bias = layers[2 * n + 1]!.data
    const h = [...bias].map((b, unit) => b + inner(rowOf(layers[2 * n]!, unit), x))
    if (n === layers.length / 2 - 1) return h[0]!
    x = dropped(
      h.map((value) => Math.max(0, value)),
      n + 1,
    )
  }
  return Number.NaN
}
