import { planArena } from '../kernels/arena.ts'
import { dot } from '../linear/dot.ts'
import { leadingDirections, project } from '../linear/leading-directions.ts'
import type { Matrix } from '../linear/matrix.ts'
import { sortedIndices } from './sorted-indices.ts'

/** Rows that are kept or skipped together. */
export const blockRows = 256
/** With a bias and the length of the rest, a short row is one line of a cache. */
const leading = 14
export const shortWidth = leading + 2

/**
 * The rows of a product index in a memory of their own, by falling key = m·|v| + b, with m the
 * usual length of a query. Numbers and shared arrays alone, so that another thread can lay them
 * out.
 */
export type ProductRows = {
  readonly memory: WebAssembly.Memory
  /** Addresses in the memory; `items` holds the item of each row. */
  readonly at: { readonly [Part in 'items' | 'shortRows' | 'rows']: number }
  /** The addresses of what each searcher writes for itself. */
  readonly searchers: readonly {
    readonly [Part in 'shortQuery' | 'query' | 'allowed' | 'found' | 'scores']: number
  }[]
  /** Bytes of a row. */
  readonly rowBytes: number
  /** The directions of the short rows, each [columns]. */
  readonly directions: readonly Float64Array[]
  /** [blocks] the highest key, the longest and shortest row and the highest bias of each. */
  readonly blocks: {
    readonly [Extreme in 'key' | 'longest' | 'shortest' | 'bias']: Float64Array
  }
  readonly queryNorm: number
  /** The length of the longest row, and the largest |bias|. */
  readonly longest: number
  readonly largestBias: number
}

/**
 * Lays rows out for the kernels in O(rows · columns), some tens of nanoseconds a number. Of each
 * there are
 *
 *   a short row   v̂ [14], b, |v⊥|     with the query   û [14], 1, |u⊥|
 *   a row         v [columns], b      with the query   u [columns], 1      and zeros up to a vector
 *
 * and of each block of 256 the extremes that bound it, all by falling key. `queryNorm` is the
 * length that most queries have: it decides the order of the blocks, not the answers. As many
 * threads as there are `searchers` can search at once.
 */
export function layOutRows(
  items: Matrix,
  bias: Float32Array | null,
  queryNorm: number,
  searchers = 1,
): ProductRows {
  const { rows: size, columns, data } = items
  const biasOf = (item: number) => (bias ? bias[item]! : 0)
  const norms = new Float64Array(size)
  for (let item = 0; item < size; item++)
    norms[item] = Math.sqrt(dot(data, item * columns, data, item * columns, columns))
  const keyOf = (item: number) => queryNorm * norms[item]! + biasOf(item)
  const directions = leadingDirections(items, leading)
  const order = sortedIndices(size, (a, b) => keyOf(b) - keyOf(a))

  const width = 4 * Math.ceil((columns + 1) / 4)
  const padded = size + 4
  const plan = planArena()
  const at = {
    items: plan.take(size * 4),
    shortRows: plan.take(padded * shortWidth * 4),
    rows: plan.take(padded * width * 4),
  }
  const ownAddresses = Array.from({ length: searchers }, () => ({
    shortQuery: plan.take(shortWidth * 4),
    query: plan.take(width * 4),
    allowed: plan.take(Math.ceil(size / 32) * 4),
    found: plan.take(blockRows * 4),
    scores: plan.take(padded * 4),
  }))
  const arena = plan.create()
  arena.u32(at.items, size).set(order)
  const shortRows = arena.f32(at.shortRows, size * shortWidth)
  const rows = arena.f32(at.rows, size * width)
  const blocks = emptyBlocks(Math.ceil(size / blockRows))
  for (const [row, item] of order.entries()) {
    const begin = item * columns
    rows.set(data.subarray(begin, begin + columns), row * width)
    rows[row * width + columns] = biasOf(item)
    shorten(directions, data, begin, norms[item]!, shortRows, row * shortWidth)
    shortRows[row * shortWidth + leading] = biasOf(item)
    widen(blocks, Math.floor(row / blockRows), keyOf(item), norms[item]!, biasOf(item))
  }
  return {
    ...{ memory: arena.memory, at, searchers: ownAddresses },
    ...{ rowBytes: width * 4, directions, blocks, queryNorm },
    longest: blocks.longest.reduce((most, norm) => Math.max(most, norm), 0),
    largestBias: bias ? bias.reduce((most, b) => Math.max(most, Math.abs(b)), 0) : 0,
  }
}

/** Writes a query u, whose length is `norm`, where a searcher's kernels read it, in both forms. */
export function createQueryWriter(
  { memory, rowBytes, directions }: ProductRows,
  at: ProductRows['searchers'][number],
) {
  const query = new Float32Array(memory.buffer, at.query, rowBytes / 4)
  const shortQuery = new Float32Array(memory.buffer, at.shortQuery, shortWidth)
  return (vector: Float32Array, norm: number) => {
    query.set(vector)
    query[vector.length] = 1
    shorten(directions, vector, 0, norm, shortQuery, 0)
    shortQuery[leading] = 1
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

function emptyBlocks(count: number): ProductRows['blocks'] {
  const lowest = () => new Float64Array(count).fill(Number.NEGATIVE_INFINITY)
  const shortest = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
  return { key: lowest(), longest: lowest(), shortest, bias: lowest() }
}

function widen(
  { key, longest, shortest, bias }: ProductRows['blocks'],
  block: number,
  itsKey: number,
  norm: number,
  itsBias: number,
): void {
  key[block] = Math.max(key[block]!, itsKey)
  longest[block] = Math.max(longest[block]!, norm)
  shortest[block] = Math.min(shortest[block]!, norm)
  bias[block] = Math.max(bias[block]!, itsBias)
}
