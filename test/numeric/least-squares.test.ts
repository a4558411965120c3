import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planArena } from '../../src/numeric/kernels/arena.ts'
import {
  compileKernels,
  instantiateKernels,
  panelBytes,
} from '../../src/numeric/kernels/kernels.ts'
import { writeStruct } from '../../src/numeric/kernels/struct.ts'
import { leastSquares } from '../../src/numeric/kernels/structs.ts'
import { createRandom } from '../../src/numeric/random/random.ts'

const tableRows = 40
const ratings = 150

/** A table, ratings of its rows and kernels, with room for the normal equations. */
async function prepare(size: number) {
  const plan = planArena()
  const at = {
    index: plan.take(ratings * 4),
    weight: plan.take(tableRows * 4),
    target: plan.take(ratings * 4),
    table: plan.take(tableRows * size * 4),
    panel: plan.take(panelBytes(size)),
    a: plan.take(size * size * 4),
    b: plan.take(size * 4),
    task: plan.take(leastSquares.bytes),
  }
  const arena = plan.create()
  const random = createRandom(size, 'least-squares')
  const index = arena.u32(at.index, ratings).map(() => random.below(tableRows))
  const weight = arena.f32(at.weight, tableRows).map(() => random.uniform())
  const target = arena.f32(at.target, ratings).map(() => random.normal())
  const table = arena.f32(at.table, tableRows * size).map(() => random.normal())
  arena.u32(at.index, ratings).set(index)
  arena.f32(at.weight, tableRows).set(weight)
  arena.f32(at.target, ratings).set(target)
  arena.f32(at.table, tableRows * size).set(table)
  const kernels = instantiateKernels(await compileKernels(), arena.memory)
  const a = arena.f32(at.a, size * size)
  const b = arena.f32(at.b, size)
  /** What the normal equations are summed up from. */
  const setTask = (isWeighted: boolean, offsetAt: number) =>
    writeStruct(arena.view, at.task, leastSquares, {
      start: 0,
      index: at.index,
      weight: isWeighted ? at.weight : 0,
      weightOf: isWeighted ? at.index : 0,
      target: at.target,
      table: at.table,
      size,
      offsetAt,
    })
  return { at, setTask, kernels, index, weight, target, table, a, b }
}

const near = (actual: number, expected: number, what: string) =>
  assert.ok(
    Math.abs(actual - expected) <= 1e-4 * Math.max(1, Math.abs(expected)),
    `${what}: ${actual}, expected ${expected}`,
  )

for (const size of [8, 24, 32])
  for (const isWeighted of [false, true])
    for (const offsetAt of [-1, size - 3])
      test(`normal equations of ${size} numbers, weights ${isWeighted}, offset at ${offsetAt}, as in TypeScript`, async () => {
        const { at, setTask, kernels, index, weight, target, table, a, b } = await prepare(size)
        const [from, to] = [3, 140]
        a.fill(2)
        b.fill(1)
        setTask(isWeighted, offsetAt)
        kernels.addNormalEquations(at.task, from, to, at.panel, at.a, at.b)
        const plainA = new Float64Array(size * size).fill(2)
        const plainB = new Float64Array(size).fill(1)
        for (let j = from; j < to; j++) {
          const x = Float64Array.from(table.subarray(index[j]! * size, (index[j]! + 1) * size))
          const w = isWeighted ? weight[index[j]!]! : 1
          let t = target[j]!
          if (offsetAt >= 0) {
            t -= x[offsetAt]!
            x[offsetAt] = 1
          }
          for (let p = 0; p < size; p++) {
            plainB[p]! += w * t * x[p]!
            for (let q = 0; q < size; q++) plainA[p * size + q]! += w * x[p]! * x[q]!
          }
        }
        for (let p = 0; p < size; p++) {
          near(b[p]!, plainB[p]!, `b ${p}`)
          for (let q = p; q < size; q++)
            near(a[p * size + q]!, plainA[p * size + q]!, `A ${p}, ${q}`)
        }
      })

for (const size of [8, 24, 32])
  test(`factorising and solving gives back the ${size} numbers that were multiplied`, async () => {
    const { at, setTask, kernels, a, b } = await prepare(size)
    for (let p = 0; p < size; p++) a[p * size + p] = 1
    setTask(false, -1)
    kernels.addNormalEquations(at.task, 0, ratings, at.panel, at.a, at.b)
    const upper = a.slice()
    const full = (p: number, q: number) => upper[Math.min(p, q) * size + Math.max(p, q)]!
    const wanted = Array.from({ length: size }, (_, p) => Math.sin(p))
    const product = () =>
      wanted.map((_, p) => wanted.reduce((sum, x, q) => sum + full(p, q) * x, 0))
    // What stands under the diagonal is nothing to the solver.
    for (let p = 0; p < size; p++) a.fill(Number.NaN, p * size, p * size + p)

    assert.equal(kernels.factorise(at.a, size), 1)
    b.set(product())
    kernels.solveTransposed(at.a, at.b, size)
    const half = b.reduce((sum, y) => sum + y * y, 0)
    const expected = wanted.reduce((sum, x, p) => sum + x * product()[p]!, 0)
    near(half / expected, 1, 'the square of R⁻ᵀb, which is bᵀA⁻¹b')
    kernels.solveUpper(at.a, at.b, size)
    for (const [p, x] of wanted.entries()) near(b[p]!, x, `x ${p}`)
  })

test('a matrix that is not positive definite is refused', async () => {
  const { at, kernels, a } = await prepare(8)
  for (let p = 0; p < 8; p++) a[p * 8 + p] = p === 5 ? -1 : 1
  assert.equal(kernels.factorise(at.a, 8), 0)
})
