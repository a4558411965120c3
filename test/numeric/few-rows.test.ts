import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { kernelsAtOnce } from '../../src/numeric/kernels/kernels.ts'
import { createFewRows, padded } from '../../src/numeric/linear/few-rows.ts'

const numbers = { min: -10, max: 10, noNaN: true }

/** A table of some rows, its numbers, and a vector for the rows and one for the numbers of a row. */
const tables = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 11 }))
  .chain(([rows, size]) =>
    fc.record({
      table: fc.array(fc.array(fc.double(numbers), { minLength: size, maxLength: size }), {
        minLength: rows,
        maxLength: rows,
      }),
      ofRows: fc.array(fc.double(numbers), { minLength: rows, maxLength: rows }),
      ofSize: fc.array(fc.double(numbers), { minLength: size, maxLength: size }),
    }),
  )

const inner = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, x, i) => sum + x * b[i]!, 0)

function assertNear(actual: Iterable<number>, expected: readonly number[], scale = 1): void {
  for (const [i, value] of [...actual].entries())
    assert.ok(Math.abs(value - (expected[i] ?? 0)) < 1e-9 * scale, `${value}, ${expected[i] ?? 0}`)
}

for (const [name, module] of [
  ['the kernels', kernelsAtOnce()],
  ['plain loops', null],
] as const) {
  test(`${name} multiply and combine few rows as one number after the other does`, () => {
    if (name === 'the kernels') assert.ok(module)
    fc.assert(
      fc.property(tables, ({ table, ofRows, ofSize }) => {
        const [count, size] = [padded(table.length), padded(ofSize.length)]
        const few = createFewRows(
          { b: count * size, gram: count ** 2, x: size, shares: count, products: count, sum: size },
          module,
        )
        const { b, gram, x, shares, products, sum } = few.arrays
        for (const [i, row] of table.entries()) b.set(row, i * size)
        x.set(ofSize)
        shares.set(ofRows)
        few.multiplyRows(b, count, size, gram)
        const rows = Array.from({ length: count }, (_, i) => table[i] ?? ofSize.map(() => 0))
        assertNear(
          gram,
          rows.flatMap((one) => rows.map((other) => inner(one, other))),
        )
        few.timesVector(b, table.length, size, x, products)
        assertNear(
          products,
          table.map((row) => inner(row, ofSize)),
        )
        few.combineRows(b, table.length, size, shares, sum)
        assertNear(
          sum,
          ofSize.map((_, column) =>
            inner(
              table.map((row) => row[column]!),
              ofRows,
            ),
          ),
        )
      }),
    )
  })

  test(`${name} solve equations of few rows`, () => {
    fc.assert(
      fc.property(tables, ({ table, ofRows }) => {
        const [count, size] = [padded(table.length), padded(table[0]!.length)]
        const few = createFewRows({ b: count * size, a: count ** 2, solution: count }, module)
        const { b, a, solution } = few.arrays
        for (const [i, row] of table.entries()) b.set(row, i * size)
        few.multiplyRows(b, count, size, a)
        for (let i = 0; i < count; i++) a[i * count + i]! += 1
        const whole = a.slice()
        // Only the lower half is read.
        for (let i = 0; i < count; i++) a.fill(Number.NaN, i * count + i + 1, (i + 1) * count)
        solution.set(ofRows)
        few.solvePositive(a, count, solution)
        const back = Array.from({ length: count }, (_, i) =>
          inner([...whole.subarray(i * count, (i + 1) * count)], [...solution]),
        )
        assertNear(back, ofRows, 1e3)
      }),
    )
  })
}
