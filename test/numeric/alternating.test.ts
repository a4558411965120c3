import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planArena } from '../../src/numeric/kernels/arena.ts'
import {
  compileKernels,
  instantiateKernels,
  panelBytes,
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
