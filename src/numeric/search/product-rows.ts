import { planArena } from '../kernels/arena.ts'
import { dot } from '../linear/dot.ts'
import { leadingDirectionsSteps, project } from '../linear/leading-directions.ts'
import type { Matrix } from '../linear/matrix.ts'
import { sortedIndicesSteps } from './merge-sort.ts'

/** Rows that are kept or skipped together. */
export const blockRows = 256
/** With a bias and the length of the rest, a short row is one line of a cache. */
const leading = 14
const shortWidth = leading + 2
const rowsInStep = 64

/** The rows of a product index in a memory of their own, by falling key = m·|v| + b. */
export type ProductRows =
  ReturnType<typeof layOutSteps> extends Generator<void, infer Laid> ? Laid : never

/**
 * Lays the rows out for the kernels, in steps. Of each there are
 *
 *   a short row   v̂ [14], b, |v⊥|     with the query   û [14], 1, |u⊥|
 *   a row         v [columns], b      with the query   u [columns], 1      and zeros up to a vector
 *
 * and of each block of 256 the extremes that bound it, all by falling key.
 */
export function* layOutSteps(items: Matrix, bias: Float32Array | null, queryNorm: number) {
  const { rows: size, columns, data } = items
  const biasOf = (item: number) => (bias ? bias[item]! : 0)
  const norms = new Float64Array(size)
  for (let item = 0; item < size; item++) {
    const begin = item * columns
    norms[item] = Math.sqrt(dot(data, begin, data, begin, columns))
    if (item % rowsInStep === 0) yield
  }
  const keyOf = (item: number) => queryNorm * norms[item]! + biasOf(item)
  const directions = yield* leadingDirectionsSteps(items, leading)
  const order = yield* sortedIndicesSteps(size, (a, b) => keyOf(b) - keyOf(a))

  const width = 4 * Math.ceil((columns + 1) / 4)
  const padded = size + 4
  const plan = planArena()
  const at = {
    shortQuery: plan.take(shortWidth * 4),
    query: plan.take(width * 4),
    allowed: plan.take(Math.ceil(size / 32) * 4),
    found: plan.take(blockRows * 4),
    items: plan.take(size * 4),
    shortRows: plan.take(padded * shortWidth * 4),
    rows: plan.take(padded * width * 4),
    scores: plan.take(padded * 4),
  }
  const arena = plan.create()
  arena.u32(at.items, size).set(order)
  const shortRows = arena.f32(at.shortRows, size * shortWidth)
  const rows = arena.f32(at.rows, size * width)
  const blocks = createBlocks(Math.ceil(size / blockRows))
  for (const [row, item] of order.entries()) {
    const begin = item * columns
    rows.set(data.subarray(begin, begin + columns), row * width)
    rows[row * width + columns] = biasOf(item)
    shorten(directions, data, begin, norms[item]!, shortRows, row * shortWidth)
    shortRows[row * shortWidth + leading] = biasOf(item)
    blocks.widen(Math.floor(row / blockRows), keyOf(item), norms[item]!, biasOf(item))
    if (row % rowsInStep === 0) yield
  }

  const shortQuery = arena.f32(at.shortQuery, shortWidth)
  const query = arena.f32(at.query, width)
  return {
    memory: arena.memory,
    at,
    order,
    blocks,
    queryNorm,
    rowBytes: width * 4,
    shortBytes: shortWidth * 4,
    longest: blocks.longest.reduce((most, norm) => Math.max(most, norm), 0),
    largestBias: bias ? bias.reduce((most, b) => Math.max(most, Math.abs(b)), 0) : 0,
    allowed: arena.u32(at.allowed, Math.ceil(size / 32)),
    found: arena.u32(at.found, blockRows),
    scores: arena.f32(at.scores, size),
    /** Writes u, whose length is `norm`, in both forms. */
    writeQuery(vector: Float32Array, norm: number) {
      query.set(vector)
      query[columns] = 1
      shorten(directions, vector, 0, norm, shortQuery, 0)
      shortQuery[leading] = 1
    },
  }
}

/** Writes the coordinates along the directions and, in the last place, the length of the rest. */
function shorten(
  directions: readonly Float64Array[],
  data: Float32Array,
  begin: number,
  norm: number,
  out: Float32Array,
  to: number,
): void {
  let rest = norm * norm
  for (const [i, direction] of directions.entries()) {
    const along = project(direction, data, begin)
    out[to + i] = along
    rest -= along * along
  }
  // Never less than the length itself: what cancels leaves an error of some 1e-15 of the whole.
  out[to + shortWidth - 1] = Math.sqrt(Math.max(0, rest) + 1e-13 * norm * norm)
}

/** The extremes of each block's rows. */
function createBlocks(count: number) {
  const lowest = () => new Float64Array(count).fill(Number.NEGATIVE_INFINITY)
  const [key, longest, bias] = [lowest(), lowest(), lowest()]
  const shortest = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
  return {
    key,
    longest,
    shortest,
    bias,
    widen(block: number, itsKey: number, norm: number, itsBias: number) {
      key[block] = Math.max(key[block]!, itsKey)
      longest[block] = Math.max(longest[block]!, norm)
      shortest[block] = Math.min(shortest[block]!, norm)
      bias[block] = Math.max(bias[block]!, itsBias)
    },
  }
}
