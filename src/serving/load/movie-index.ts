import type { Model } from '../../model/model.ts'
import { dot } from '../../numeric/linear/dot.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import { type ProductIndex, productIndexSteps } from '../../numeric/search/product-index.ts'

const sampledUsers = 1_000

/** The movies of a model by u·v + b_m, in steps; null where a network scores them. */
export function* ratingIndexSteps(
  kernels: WebAssembly.Module,
  { userFactors, movieFactors, movieBias, layers }: Model,
): Generator<void, ProductIndex | null> {
  if (layers.length > 0) return null
  return yield* productIndexSteps(kernels, movieFactors, movieBias, meanLength(userFactors))
}

/** The movies by u·v of the ranking, in steps; null where the model has none. */
export function* rankingIndexSteps(
  kernels: WebAssembly.Module,
  { ranking }: Model,
): Generator<void, ProductIndex | null> {
  if (!ranking) return null
  const { userFactors, movieFactors } = ranking
  return yield* productIndexSteps(kernels, movieFactors, null, meanLength(userFactors))
}

/** The mean length of some rows; 0 when there are none. */
function meanLength({ rows, columns, data }: Matrix): number {
  const stride = Math.max(1, Math.floor(rows / sampledUsers))
  let sum = 0
  let count = 0
  for (let begin = 0; begin < rows * columns; begin += stride * columns, count++)
    sum += Math.sqrt(dot(data, begin, data, begin, columns))
  return sum / Math.max(1, count)
}
