import { dot } from '../numeric/linear/dot.ts'
import type { Matrix } from '../numeric/linear/matrix.ts'
import { layOutRows, type ProductRows } from '../numeric/search/product-rows.ts'
import type { Model } from './model.ts'
import type { ScoredModel } from './scorer.ts'

const sampledUsers = 1_000

/** The movies of a model laid out by u·v + b_m; null where a network scores them. */
export function ratingRows(
  { userFactors, movieFactors, movieBias, layers }: ScoredModel,
  searchers?: number,
): ProductRows | null {
  if (layers.length > 0) return null
  return layOutRows(movieFactors, movieBias, meanLength(userFactors), searchers)
}

/** The movies of a model laid out by u·v of the ranking; null where the model has none. */
export function rankingRows(
  { ranking }: Pick<Model, 'ranking'>,
  searchers?: number,
): ProductRows | null {
  if (!ranking) return null
  return layOutRows(ranking.movieFactors, null, meanLength(ranking.userFactors), searchers)
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
