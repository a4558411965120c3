import type { Weights } from '../../src/training/trainer.ts'

/** The rows of a batch, and the dropout masks of each level by row. */
export type PlainBatch = {
  readonly userIndex: readonly number[]
  readonly movieIndex: readonly number[]
  readonly rating: readonly number[]
  readonly offset: readonly number[]
  /** [level][row][unit] */
  readonly masks: readonly (readonly (readonly number[])[])[]
}

/** All numbers of a net in doubles: U, V, then the weights and biases of each layer. */
export function netArrays({ userFactors, movieFactors, layers }: Weights): Float64Array[] {
  const ofLayers = layers.flatMap(({ weight, bias }) => [weight.data, bias])
  return [userFactors.data, movieFactors.data, ...ofLayers].map((data) => Float64Array.from(data))
}

/** The mean squared error of fast.ai's EmbeddingNet over a batch, as one would write it. */
export function plainNetError(
  [users, movies, ...layers]: readonly Float64Array[],
  [userFactors, movieFactors]: readonly [number, number],
  batch: PlainBatch,
  range: readonly [number, number] | null,
): number {
  let squared = 0
  for (const [row, rating] of batch.rating.entries()) {
    const [user, movie] = [batch.userIndex[row]!, batch.movieIndex[row]!]
    const u = users!.subarray(user * userFactors, (user + 1) * userFactors)
    const v = movies!.subarray(movie * movieFactors, (movie + 1) * movieFactors)
    let signal = [...u, ...v]
    for (let n = 0; n < layers.length; n += 2) {
      const [weight, bias] = [layers[n]!, layers[n + 1]!]
      const x = signal.map((value, i) => value * batch.masks[n / 2]![row]![i]!)
      const h = Array.from(bias, (b, unit) =>
        x.reduce((sum, value, i) => sum + weight[unit * x.length + i]! * value, b),
      )
      signal = n + 2 < layers.length ? h.map((value) => Math.max(0, value)) : h
    }
    const z = signal[0]! + batch.offset[row]!
    const predicted = range ? range[0] + (range[1] - range[0]) / (1 + Math.exp(-z)) : z
    squared += (predicted - rating) ** 2
  }
  return squared / batch.rating.length
}

/** The slopes of an error by all numbers of the arrays, by central differences. */
export function finiteDifferences(
  arrays: readonly Float64Array[],
  errorOf: () => number,
): Float64Array[] {
  const h = 1e-6
  return arrays.map((array) =>
    Float64Array.from(array, (value, i) => {
      array[i] = value + h
      const above = errorOf()
      array[i] = value - h
      const below = errorOf()
      array[i] = value
      return (above - below) / (2 * h)
    }),
  )
}
