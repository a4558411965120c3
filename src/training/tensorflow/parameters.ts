import type { Weights } from '../trainer.ts'
import type { HostTensor } from './optimizer.ts'

/** The weights as a list, in the order that the objectives expect: U, V, biases, W and b by layer. */
export function toParameters(weights: Weights): HostTensor[] {
  const { userFactors, movieFactors, userBias, movieBias, layers } = weights
  const matrix = (of: Weights['userFactors']): HostTensor => ({
    shape: [of.rows, of.columns],
    data: of.data,
  })
  const vector = (data: Float32Array): HostTensor => ({ shape: [data.length], data })
  return [
    matrix(userFactors),
    matrix(movieFactors),
    ...(userBias && movieBias ? [vector(userBias), vector(movieBias)] : []),
    ...layers.flatMap(({ weight, bias }) => [matrix(weight), vector(bias)]),
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
