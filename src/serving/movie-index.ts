import type { Model } from '../model/model.ts'
import { dot } from '../numeric/dot.ts'
import { type ProductIndex, productIndexSteps } from '../numeric/product-index.ts'

const sampledUsers = 1_000

/** The movies of a model by u·v + b_m, in steps; null where a network scores them. */
export function* movieIndexSteps(
  kernels: WebAssembly.Module,
  { userFactors, movieFactors, movieBias, layers }: Model,
): Generator<void, ProductIndex | null> {
  if (layers.length > 0) return null
  const { rows, columns, data } = userFactors
  const stride = Math.max(1, Math.floor(rows / sampledUsers))
  let sum = 0
  let count = 0
  for (let begin = 0; begin < rows * columns; begin += stride * columns, count++)
    sum += Math.sqrt(dot(data, begin, data, begin, columns))
  return yield* productIndexSteps(kernels, movieFactors, movieBias, sum / Math.max(1, count))
}
