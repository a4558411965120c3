import { cholesky, solveCholesky } from '../../../../../numeric/linear/cholesky.ts'
import type { WarmRows } from '../../../../trainer.ts'
import type { Sizes } from '../layout.ts'
import { type BothSides, bothSides, type SideName } from '../sides.ts'

/**
 * The average of an earlier training, for which rows know it: it counts as so many sweeps of this one,
 * which then needs fewer of its own. A row that is new is given what this training itself says of it.
 */
export type Earlier = {
  /** How many sweeps it counts as. */
  readonly sweeps: number
  readonly columns: number
  /** [rows, columns] of each side in this training's order, zeros for new rows. */
  readonly factors: BothSides<Float64Array>
  /** [rows] counted from the mean rating; NaN for new rows. */
  readonly bias: BothSides<Float64Array>
}

/** What the vectors to start from say, as an average that counts as so many sweeps. */
export function earlierOf(warm: WarmRows, { known }: Sizes, mean: number, sweeps: number): Earlier {
  const { columns } = warm.weights.userFactors
  const rowsOf = (side: SideName) => warm[`${side}s`]
  const factors = bothSides((side) => {
    const { data } = warm.weights[`${side}Factors`]
    const table = new Float64Array(known[side] * columns)
    for (const [row, from] of rowsOf(side).entries())
      if (from >= 0) table.set(data.subarray(from * columns, (from + 1) * columns), row * columns)
    return table
  })
  const bias = bothSides((side) => {
    const biases = warm.weights[`${side}Bias`]
    const origin = side === 'user' ? mean : 0
    return Float64Array.from(rowsOf(side), (from) =>
      from < 0 ? Number.NaN : (biases?.[from] ?? origin) - origin,
    )
  })
  return { sweeps, columns, factors, bias }
}

/** What it predicts for a pair, counted from the mean rating; NaN where a side is new to it. */
export function earlierScore(
  { columns, factors, bias }: Earlier,
  user: number,
  movie: number,
): number {
  let score = (bias.user[user] ?? Number.NaN) + (bias.movie[movie] ?? Number.NaN)
  for (let i = 0; i < columns; i++)
    score += factors.user[user * columns + i]! * factors.movie[movie * columns + i]!
  return score
}

/**
 * The bases of the two sides, each row times its root, and the products of what was summed up with
 * them, each row over its root; [known, size] both, see `Subspace` of the kernels.
 */
export type Projected = {
  readonly size: number
  readonly bases: BothSides<Float32Array>
  readonly products: BothSides<Float32Array>
}

/**
 * The products with the earlier average in them, from those of the sum of `sweeps` sweeps. With U
 * and V the earlier factors, a new user gets the row u for which u·Vᵀ is nearest to what the sweeps
 * say, u = (MV)(VᵀV)⁻¹, and a new movie likewise.
 */
export function withEarlier(
  { size, bases, products }: Projected,
  { columns, factors, bias, sweeps: weight }: Earlier,
  roots: BothSides<Float32Array>,
  sweeps: number,
): BothSides<Float64Array> {
  const times = (table: ArrayLike<number>, wide: number, side: SideName, power: 1 | -1) =>
    Float64Array.from(
      { length: (factors[side].length / columns) * wide },
      (_, at) => table[at]! * roots[side][Math.floor(at / wide)]! ** power,
    )
  const scaled = bothSides((side) => times(factors[side], columns, side, 1))
  const basis = bothSides((side) => times(bases[side], size, side, -1))
  const sums = bothSides((side) => times(products[side], size, side, 1))
  const withNew = (side: SideName, other: SideName) => {
    const gram = timesTransposed(scaled[other], columns, scaled[other], columns)
    const ridge = 1e-6 * gram.reduce((most, x) => Math.max(most, x), 1e-12)
    for (let i = 0; i < columns; i++) gram[i * columns + i]! += ridge
    const root = cholesky(gram, columns)
    const inBasis = timesTransposed(basis[other], size, scaled[other], columns)
    const table = scaled[side].slice()
    for (const [row, known] of bias[side].entries()) {
      if (!Number.isNaN(known)) continue
      const own = new Float64Array(columns)
      for (let k = 0; k < size; k++)
        for (let i = 0; i < columns; i++)
          own[i]! += (sums[side][row * size + k]! / sweeps) * inBasis[k * columns + i]!
      solveCholesky(root, columns, own)
      table.set(own, row * columns)
    }
    return table
  }
  const all = bothSides(withNew)
  return bothSides((side, other) => {
    const cross = timesTransposed(basis[other], size, all[other], columns)
    return sums[side].map((x, at) => {
      const [row, k] = [Math.floor(at / size), at % size]
      let product = 0
      for (let i = 0; i < columns; i++)
        product += all[side][row * columns + i]! * cross[k * columns + i]!
      return (x + weight * product) / roots[side][row]!
    })
  })
}

/** aᵀb [m, n] for a [rows, m] and b [rows, n] */
function timesTransposed(a: Float64Array, m: number, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(m * n)
  for (let row = 0; row * m < a.length; row++)
    for (let i = 0; i < m; i++) {
      const by = a[row * m + i]!
      for (let j = 0; j < n; j++) out[i * n + j]! += by * b[row * n + j]!
    }
  return out
}
