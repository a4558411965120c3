import type { Matrix } from '../../../numeric/linear/matrix.ts'
import type { Weights } from '../../trainer.ts'
import type { InitialParameter } from './optimizer.ts'

/**
 * The weights as a list, in the order that the objectives expect: U, V, biases, W and b by layer.
 */
export function toParameters(weights: Weights): InitialParameter[] {
  const { userFactors, movieFactors, userBias, movieBias, layers } = weights
  const matrix = ({ rows, columns, data }: Matrix, isTable: boolean): InitialParameter => ({
    shape: [rows, columns],
    data,
    isTable,
  })
  const vector = (data: Float32Array, isTable: boolean): InitialParameter => ({
    shape: [data.length],
    data,
    isTable,
  })
  return [
    matrix(userFactors, true),
    matrix(movieFactors, true),
    ...(userBias && movieBias ? [vector(userBias, true), vector(movieBias, true)] : []),
    ...layers.flatMap(({ weight, bias }) => [matrix(weight, false), vector(bias, false)]),
  ]
}

/** The inverse: new numbers, in that order, in the shapes of `like`. */
export function toWeights(like: Weights, data: readonly Float32Array[]): Weights {
  const rest = data.values()
  const next = () => rest.next().value as Float32Array
  return {
    userFactors: { ...like.userFactors, data: next() },
    movieFactors: { ...like.movieFactors, data: next() },
    userBias: like.userBias && next(),
    movieBias: like.movieBias && next(),
    layers: like.layers.map(({ weight }) => ({
      weight: { ...weight, data: next() },
      bias: next(),
    })),
  }
}
