import { planArena } from '../kernels/arena.ts'
import { instantiateKernels, kernelsAtOnce } from '../kernels/kernels.ts'
import { factorise, solveCholesky } from './cholesky.ts'

/**
 * Products of a few rows and equations with them, in double precision: by the kernels, and where there are
 * none by plain loops. All arrays are among those that were asked for, tables in C order; rows and the
 * numbers in a row are a multiple of four, what is not wanted being zeros.
 */
export type FewRows<Name extends string> = {
  readonly arrays: { readonly [Each in Name]: Float64Array }
  /** Whose numbers are in the arrays, where they are shared. */
  holder?: object
  /** out ← BBᵀ [count, count] of B [count, size]. */
  multiplyRows(b: Float64Array, count: number, size: number, out: Float64Array): void
  /** b ← A⁻¹b for a positive definite A [count, count], whose lower half is read and written over. */
  solvePositive(a: Float64Array, count: number, b: Float64Array): void
  /** out ← Bx of B [count, size], any count. */
  timesVector(
    b: Float64Array,
    count: number,
    size: number,
    x: Float64Array,
    out: Float64Array,
  ): void
  /** out ← Bᵀx of B [count, size], any count. */
  combineRows(
    b: Float64Array,
    count: number,
    size: number,
    x: Float64Array,
    out: Float64Array,
  ): void
}

/** The next multiple of four. */
export function padded(length: number): number {
  return 4 * Math.ceil(length / 4)
}

/** Arrays of these lengths, zeros at first, and what multiplies them. */
export function createFewRows<Name extends string>(
  lengths: Readonly<Record<Name, number>>,
  module = kernelsAtOnce(),
): FewRows<Name> {
  const all = Object.entries<number>(lengths)
  const named = (arrays: [string, Float64Array][]) =>
    Object.fromEntries(arrays) as FewRows<Name>['arrays']
  if (!module)
    return { ...plainly, arrays: named(all.map(([name, n]) => [name, new Float64Array(n)])) }
  const plan = planArena()
  const places = all.map(([name, length]) => [name, plan.take(8 * length), length] as const)
  const arena = plan.create()
  const kernels = instantiateKernels(module, arena.memory)
  return {
    arrays: named(places.map(([name, at, length]) => [name, arena.f64(at, length)])),
    multiplyRows: (b, count, size, out) =>
      kernels.multiplyRows(b.byteOffset, count, size, out.byteOffset),
    solvePositive: (a, count, b) => kernels.solvePositive(a.byteOffset, count, b.byteOffset),
    timesVector: (b, count, size, x, out) =>
      kernels.timesVector(b.byteOffset, count, size, x.byteOffset, out.byteOffset),
    combineRows: (b, count, size, x, out) =>
      kernels.combineRows(b.byteOffset, count, size, x.byteOffset, out.byteOffset),
  }
}

const shared = new Map<string, FewRows<string>>()
const mostShared = 4

/**
 * The same, but one for all that ask for the same lengths, as they last did: what works in it from its start
 * to its end without a wait. A thread gets a copy of a model with each task, and memory of each copy would
 * stay until it is collected.
 */
export function sharedFewRows<Name extends string>(
  lengths: Readonly<Record<Name, number>>,
): FewRows<Name> {
  const key = JSON.stringify(lengths)
  const rows = (shared.get(key) as FewRows<Name> | undefined) ?? createFewRows(lengths)
  shared.delete(key)
  shared.set(key, rows as FewRows<string>)
  for (const oldest of shared.keys()) if (shared.size > mostShared) shared.delete(oldest)
  return rows
}

/** Lets `put` write a holder's own numbers into shared arrays, where another's are. */
export function holdRows(rows: FewRows<string>, holder: object, put: () => void): void {
  if (rows.holder === holder) return
  put()
  rows.holder = holder
}

const plainly: Omit<FewRows<never>, 'arrays'> = {
  multiplyRows(b, count, size, out) {
    for (let i = 0; i < count; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0
        for (let n = 0; n < size; n++) sum += b[i * size + n]! * b[j * size + n]!
        out[i * count + j] = sum
        out[j * count + i] = sum
      }
  },
  solvePositive(a, count, b) {
    factorise(a, count)
    solveCholesky(a, count, b.subarray(0, count))
  },
  timesVector(b, count, size, x, out) {
    for (let i = 0; i < count; i++) {
      let sum = 0
      for (let n = 0; n < size; n++) sum += b[i * size + n]! * x[n]!
      out[i] = sum
    }
  },
  combineRows(b, count, size, x, out) {
    out.fill(0, 0, size)
    for (let i = 0; i < count; i++)
      for (let n = 0; n < size; n++) out[n]! += x[i]! * b[i * size + n]!
  },
}
