import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileKernels } from '../../src/numeric/kernels/kernels.ts'
import { createRandom, type Random } from '../../src/numeric/random/random.ts'
import { addTo, type BitSet, createBitSet, isIn } from '../../src/numeric/search/bit-set.ts'
import { openProductIndex } from '../../src/numeric/search/product-index.ts'
import { layOutRows } from '../../src/numeric/search/product-rows.ts'

const module = await compileKernels()

type Case = { size: number; columns: number; data: Float32Array; bias: Float32Array | null }
type Query = { vector: Float32Array; offset: number }

/**
 * Numbers as they come, few distinct ones for many ties, or mostly zeros; and over many magnitudes.
 */
function drawNumbers(random: Random, length: number): Float32Array {
  const kind = random.below(4)
  const scale = kind === 3 ? 10 ** (random.below(61) - 30) : 1
  return Float32Array.from({ length }, () => {
    if (kind === 0) return random.below(3) - 1
    if (kind === 1) return random.below(4) === 0 ? random.normal() : 0
    return scale * random.normal()
  })
}

function drawCase(random: Random): Case {
  const size = random.below(random.below(2) === 0 ? 40 : 900)
  const columns = 1 + random.below(random.below(2) === 0 ? 8 : 70)
  const data = drawNumbers(random, size * columns)
  // Rows that are all zeros, and rows that are the same as another.
  for (let i = 0; i < size; i++) {
    if (random.below(10) === 0) data.fill(0, i * columns, (i + 1) * columns)
    const other = random.below(size) * columns
    if (random.below(10) === 0) data.copyWithin(i * columns, other, other + columns)
  }
  return { size, columns, data, bias: random.below(3) > 0 ? drawNumbers(random, size) : null }
}

function drawQuery(random: Random, columns: number): Query {
  return { vector: drawNumbers(random, columns), offset: random.below(3) * random.normal() }
}

function drawAllowed(random: Random, size: number): BitSet | null {
  const share = [null, 0, 0.01, 0.3, 0.9][random.below(5)]!
  if (share === null) return null
  const set = createBitSet(size)
  for (let i = 0; i < size; i++) if (random.uniform() < share) addTo(set, i)
  return set
}

/** Scores and sorts everything: slow, and plainly right. */
function bruteForce(
  { size, columns, data, bias }: Case,
  { vector, offset }: Query,
  n: number,
  allowed: BitSet | null,
  isWanted: (item: number) => boolean,
): number[] {
  const scores = Array.from({ length: size }, (_, i) => {
    // In the four sums of `dot`: other orders round otherwise, and then other items tie.
    const sums = [0, 0, 0, 0]
    const whole = columns - (columns % 4)
    for (let d = 0; d < columns; d++)
      sums[d < whole ? d % 4 : 0]! += vector[d]! * data[i * columns + d]!
    return sums[0]! + sums[1]! + sums[2]! + sums[3]! + offset + (bias ? bias[i]! : 0)
  })
  return scores
    .map((_, i) => i)
    .filter((i) => (!allowed || isIn(allowed, i)) && isWanted(i))
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, n)
}

const indexOf = (drawn: Case, queryNorm = 1) => {
  const { size: rows, columns, data, bias } = drawn
  const items = { rows, columns, data }
  return openProductIndex(module, layOutRows(items, bias, queryNorm), items, bias)
}

test('a search gives what scoring and sorting everything gives, in 10,000 random cases', () => {
  const random = createRandom(11, 'product-index')
  for (let round = 0; round < 500; round++) {
    const drawn = drawCase(random)
    const index = indexOf(drawn, random.uniform())
    for (let search = 0; search < 20; search++) {
      const query = drawQuery(random, drawn.columns)
      const n = random.below(random.below(2) === 0 ? 12 : 200)
      const allowed = drawAllowed(random, drawn.size)
      // All, or those of one remainder: none, where it is that of no number.
      const [divisor, remainder] = [1 + random.below(4), random.below(4)]
      const isWanted = (item: number) => divisor === 1 || item % divisor === remainder
      assert.deepEqual(
        index.search(query, n, allowed, isWanted),
        bruteForce(drawn, query, n, allowed, isWanted),
        `round ${round}, search ${search}: ${drawn.size} × ${drawn.columns}, n ${n}`,
      )
    }
  }
})

test('equal scores come in the order of their indices, also beyond one block', () => {
  const index = indexOf({ size: 1_000, columns: 3, data: new Float32Array(3_000), bias: null })
  const query = { vector: Float32Array.of(1, 2, 3), offset: 0.5 }
  assert.deepEqual(index.search(query, 4, null), [0, 1, 2, 3])
})

test('numbers whose lengths overflow single precision are ranked all the same', () => {
  const data = Float32Array.of(3e38, 3e38, -3e38, 3e38, 3e38, 2e38)
  const index = indexOf({ size: 3, columns: 2, data, bias: null })
  assert.deepEqual(index.search({ vector: Float32Array.of(1, 1), offset: 0 }, 3, null), [0, 2, 1])
})

test('one pass scores everything', () => {
  const random = createRandom(5, 'score-all')
  for (let round = 0; round < 50; round++) {
    const size = 1 + random.below(400)
    const columns = 1 + random.below(70)
    const numbers = (length: number) => Float32Array.from({ length }, () => random.normal())
    const bias = round % 2 ? numbers(size) : null
    const index = indexOf({ size, columns, data: numbers(size * columns), bias })
    const query = { vector: numbers(columns), offset: random.normal() }
    const scores = new Float32Array(size)
    index.scoreAll(query, scores)
    for (let i = 0; i < size; i++) {
      const expected = index.score(query, i)
      assert.ok(Math.abs(scores[i]! - expected) < 1e-4, `${i}: ${scores[i]}, expected ${expected}`)
    }
  }
})
