import { instantiateKernels } from '../kernels/kernels.ts'
import { dot } from '../linear/dot.ts'
import type { Matrix } from '../linear/matrix.ts'
import { type Best, createBest } from './best.ts'
import { type BitSet, countOf, forEachIn, fullBitSet } from './bit-set.ts'
import { blockRows, createQueryWriter, type ProductRows, shortWidth } from './product-rows.ts'

/** A query u [columns], and an offset that is added to every score, such as the user's bias. */
export type ProductQuery = { readonly vector: Float32Array; readonly offset: number }

/** Items i, each a row v_i and a bias b_i, by their scores u·v_i + offset + b_i. */
export type ProductIndex = {
  readonly size: number
  /** An item's score in double precision: what orders a search. */
  score(query: ProductQuery, item: number): number
  /**
   * The `n` allowed items with the highest scores, best first, equal ones by index: exactly those
   * that scoring and sorting all of them gives. Null allows all. `isWanted` is asked of no more than
   * those that would be among the best of what was looked at so far.
   */
  search(
    query: ProductQuery,
    n: number,
    allowed: BitSet | null,
    isWanted?: (item: number) => boolean,
  ): number[]
  /** Every item's score in single precision, into `out` [size], by one SIMD pass. */
  scoreAll(query: ProductQuery, out: Float32Array): void
}

type Offer = (item: number) => void

/** Single precision: the relative error of one operation. */
const epsilon = 2 ** -24
/** With fewer than this share of the items allowed, they are scored one by one. */
const fewShare = 1 / 32

/**
 * Opens items that were laid out by `layOutRows` for the searches of one searcher; nothing is
 * computed here.
 *
 * Most items are never scored. By Cauchy and Schwarz, u·v ≤ |u|·|v|: a block whose longest row and
 * highest bias cannot reach the n-th best score so far is skipped. In the others each item is first
 * bounded over a few leading directions q_1 … q_d (as in FEXIPRO, Li et al. 2017), with û_j = q_j·u
 * and u⊥ for the rest of u:
 *
 *   u·v + b ≤ û·v̂ + |u⊥|·|v⊥| + b
 *
 * which is one product of short rows. The kernel takes both in single precision, less a margin for
 * its rounding; what it finds is scored in double precision, and that alone orders the answer.
 */
export function openProductIndex(
  module: WebAssembly.Module,
  laidOut: ProductRows,
  items: Matrix,
  bias: Float32Array | null,
  searcher = 0,
): ProductIndex {
  const { memory, rowBytes, longest, largestBias } = laidOut
  const at = { ...laidOut.at, ...laidOut.searchers[searcher]! }
  const kernels = instantiateKernels(module, memory)
  const { columns, data, rows: size } = items
  const everything = fullBitSet(size)
  const allowedBits = new Uint32Array(memory.buffer, at.allowed, Math.ceil(size / 32))
  const found = new Uint32Array(memory.buffer, at.found, blockRows)
  const itemOfRow = new Uint32Array(memory.buffer, at.items, size)
  const scores = new Float32Array(memory.buffer, at.scores, size)
  const writeQuery = createQueryWriter(laidOut, at)

  const score = ({ vector, offset }: ProductQuery, item: number) =>
    dot(vector, 0, data, item * columns, columns) + offset + (bias ? bias[item]! : 0)

  /** Writes the query where the kernels read it and gives what bounds need of it. */
  const place = ({ vector, offset }: ProductQuery) => {
    const norm = Math.sqrt(dot(vector, 0, vector, 0, columns))
    writeQuery(vector, norm)
    const roundings = 2 * (columns + 32) * epsilon * (norm * longest + largestBias)
    // What is lost below the smallest number, and when the offset is taken off a score.
    const margin = roundings + 1e-40 + 2 ** -48 * Math.abs(offset)
    return { norm, margin, isBounded: Math.max(norm, longest, norm * longest, largestBias) < 1e37 }
  }

  const scan = (query: ProductQuery, allowed: BitSet, best: Best, offer: Offer) => {
    const { norm, margin, isBounded } = place(query)
    // In single precision a bound would be infinite, and say nothing.
    if (!isBounded) return forEachIn(allowed, offer)
    allowedBits.set(allowed)
    for (let from = 0; from < size; ) {
      const threshold = best.least - query.offset - margin
      // Small steps at first, while there is no threshold yet.
      const to = Math.min(size, from < blockRows ? Math.max(32, 2 * from) : from + blockRows)
      if (boundOf(laidOut, Math.floor(from / blockRows), norm) >= threshold) {
        const count = kernels.findRows(
          at.shortQuery,
          at.shortRows,
          shortWidth * 4,
          at.query,
          at.rows,
          rowBytes,
          at.items,
          at.allowed,
          from,
          to,
          Math.max(-3e38, threshold),
          at.found,
        )
        for (let i = 0; i < count; i++) offer(found[i]!)
      }
      from = to
    }
  }

  return {
    size,
    score,
    search(query, n, allowed, isWanted = () => true) {
      if (n < 1 || size === 0) return []
      const best = createBest(n)
      const offer = (item: number) => {
        const reached = score(query, item)
        if (reached >= best.least && isWanted(item)) best.offer(item, reached)
      }
      if (allowed && countOf(allowed) <= size * fewShare) forEachIn(allowed, offer)
      else scan(query, allowed ?? everything, best, offer)
      return best.ranked()
    },
    scoreAll(query, out) {
      place(query)
      kernels.scoreRows(at.query, at.rows, rowBytes, 0, size, at.scores)
      for (let row = 0; row < size; row++) out[itemOfRow[row]!] = scores[row]! + query.offset
    },
  }
}

/**
 * No row of the block has a higher product plus bias with a query of this length. Two bounds: the
 * longest row with the highest bias; and from the key by which the rows are sorted, key = m·|v| +
 * b, since |u|·|v| + b = key + (|u| − m)·|v|.
 */
function boundOf({ blocks, queryNorm }: ProductRows, block: number, norm: number): number {
  const longer = norm - queryNorm
  const byKey =
    blocks.key[block]! + longer * (longer > 0 ? blocks.longest[block]! : blocks.shortest[block]!)
  return Math.min(byKey, norm * blocks.longest[block]! + blocks.bias[block]!)
}
