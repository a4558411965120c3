import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { planArena } from '../../src/numeric/kernels/arena.ts'
import {
  compileKernels,
  instantiateKernels,
  panelBytes,
  refineBytes,
} from '../../src/numeric/kernels/kernels.ts'
import { writeStruct } from '../../src/numeric/kernels/struct.ts'
import { alternatingSide } from '../../src/numeric/kernels/structs.ts'
import { createRandom } from '../../src/numeric/random/random.ts'

const rows = 150
const near = (actual: number, expected: number, what: string) =>
  assert.ok(
    Math.abs(actual - expected) <= 1e-4 * Math.max(1, Math.abs(expected)),
    `${what}: ${actual}, expected ${expected}`,
  )

for (const size of [8, 24])
  test(`the Gram matrix of ${size} numbers is added, as in TypeScript`, async () => {
    const plan = planArena()
    const at = { table: plan.take(rows * size * 4), a: plan.take(size * size * 4) }
    const arena = plan.create()
    const random = createRandom(size, 'gram')
    const table = arena.f32(at.table, rows * size)
    for (let i = 0; i < table.length; i++) table[i] = random.normal()
    const a = arena.f32(at.a, size * size).fill(2)
    const kernels = instantiateKernels(await compileKernels(), arena.memory)
    kernels.addGram(at.table, 3, 140, size, at.a)
    for (let p = 0; p < size; p++)
      for (let q = p; q < size; q++) {
        let expected = 2
        for (let row = 3; row < 140; row++)
          expected += table[row * size + p]! * table[row * size + q]!
        near(a[p * size + q]!, expected, `A ${p}, ${q}`)
      }
  })

test('a row without ratings becomes zero, one that cannot be solved is counted', async () => {
  const size = 8
  const plan = planArena()
  const at = {
    start: plan.take(4 * 4),
    index: plan.take(3 * 4),
    target: plan.take(3 * 4),
    diagonal: plan.take(3 * 4),
    table: plan.take(2 * size * 4),
    solved: plan.take(3 * size * 4),
    gram: plan.take(size * size * 4),
    scratch: plan.take(size * size * 4 + panelBytes(size)),
    side: plan.take(alternatingSide.bytes),
  }
  const arena = plan.create()
  arena.u32(at.start, 4).set([0, 2, 2, 3])
  arena.u32(at.index, 3).set([0, 1, 1])
  arena.f32(at.target, 3).set([3, 8, 5])
  arena.f32(at.diagonal, 3).set([1, 1, -1])
  arena.f32(at.table, 2 * size).set([1], 0)
  arena.f32(at.table, 2 * size).set([1], size + 1)
  const solved = arena.f32(at.solved, 3 * size).fill(9)
  // Row 0 has x = (3/(0.5 + 1 + 1), 8/(0 + 1 + 1), 0 …): its ratings are of two unit vectors.
  arena.f32(at.gram, size * size)[0] = 0.5
  const kernels = instantiateKernels(await compileKernels(), arena.memory)
  const { start, index, target, diagonal, table, gram } = at
  writeStruct(arena.view, at.side, alternatingSide, {
    ...{ start, index, weight: 0, weightOf: 0, target, table, size, offsetAt: -1 },
    ...{ diagonal, solved: at.solved, gram },
  })
  const failures = kernels.solveRows(at.side, 0, 3, at.scratch)
  assert.equal(failures, 1)
  near(solved[0]!, 1.2, 'x 0')
  near(solved[1]!, 4, 'x 1')
  assert.ok(solved.subarray(2, 2 * size).every((x) => x === 0))
})

test('steps of conjugate gradients come to the solution, whatever the weights, from anywhere', async () => {
  const module = await compileKernels()
  const sides = fc.record({
    // Up to 32 numbers are summed up at a time.
    size: fc.constantFrom(8, 16, 40),
    // Of more than 1,024 ratings the rows are not copied.
    counts: fc.array(fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constantFrom(1_024, 1_025)), {
      ...{ minLength: 1, maxLength: 6 },
    }),
    weights: fc.constantFrom('none', 'one each', 'shared'),
    seed: fc.integer({ min: 0, max: 1_000 }),
    scale: fc.constantFrom(0.01, 1),
    isZero: fc.boolean(),
  })
  fc.assert(
    fc.property(sides, ({ size, counts, weights, seed, scale, isZero }) => {
      const others = 2 * size
      const ratings = counts.reduce((sum, count) => sum + count, 0)
      const plan = planArena()
      const take = (numbers: number) => plan.take(Math.max(1, numbers) * 4)
      const at = {
        ...{ start: take(counts.length + 1), index: take(ratings), target: take(ratings) },
        ...{ weight: take(Math.max(ratings, 5)), weightOf: take(ratings) },
        ...{ diagonal: take(counts.length), table: take(others * size), gram: take(size * size) },
        ...{
          solved: take(counts.length * size),
          scratch: plan.take(refineBytes(size)),
        },
        side: plan.take(alternatingSide.bytes),
      }
      const arena = plan.create()
      const random = createRandom(seed, 'sides')
      const start = arena.u32(at.start, counts.length + 1)
      counts.forEach((count, row) => {
        start[row + 1] = start[row]! + count
      })
      const fill = (to: Float32Array | Uint32Array, draw: () => number) =>
        to.forEach((_, i) => {
          to[i] = draw()
        })
      fill(arena.u32(at.index, ratings), () => random.below(others))
      fill(arena.f32(at.target, ratings), () => (isZero ? 0 : random.uniform()))
      fill(arena.f32(at.weight, Math.max(ratings, 5)), () => 0.1 + random.uniform())
      fill(arena.u32(at.weightOf, ratings), () => random.below(5))
      fill(arena.f32(at.diagonal, counts.length), () => 0.5 + random.uniform())
      fill(arena.f32(at.table, others * size), () => scale * random.normal())
      const kernels = instantiateKernels(module, arena.memory)
      kernels.addGram(at.table, 0, others, size, at.gram)
      const gram = arena.f32(at.gram, size * size)
      for (let i = 0; i < size; i++)
        for (let j = 0; j < i; j++) gram[i * size + j] = gram[j * size + i]!
      const { weight, weightOf, ...own } = at
      writeStruct(arena.view, at.side, alternatingSide, {
        ...{ ...own, size, offsetAt: -1 },
        weight: weights === 'none' ? 0 : weight,
        weightOf: weights === 'shared' ? weightOf : 0,
      })
      const solved = arena.f32(at.solved, counts.length * size)
      assert.equal(kernels.solveRows(at.side, 0, counts.length, at.scratch), 0)
      const exact = solved.slice()
      fill(solved, random.normal)
      // What has arrived is refined again, and stays.
      for (let time = 0; time < 20; time++)
        assert.equal(kernels.refineRows(at.side, 0, counts.length, size / 2, at.scratch), 0)
      const largest = exact.reduce((most, x) => Math.max(most, Math.abs(x)), 1)
      exact.forEach((x, i) => {
        assert.ok(Math.abs(solved[i]! - x) < 2e-3 * largest, `${i}: ${solved[i]}, exact ${x}`)
      })
    }),
  )
})
