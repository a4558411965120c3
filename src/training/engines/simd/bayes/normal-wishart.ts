import { cholesky, solveLowerTransposed } from '../../../../numeric/linear/cholesky.ts'
import { gamma } from '../../../../numeric/random/gamma.ts'
import type { Random } from '../../../../numeric/random/random.ts'

/** How many rows of `size` numbers there are, their sums [size] and Σ x·xᵀ [size, size]. */
export type Moments = {
  readonly rows: number
  readonly sum: Float64Array
  readonly products: Float64Array
}

/** A normal distribution of rows: its mean [size] and its precision Λ [size, size]. */
export type RowPrior = { readonly mean: Float64Array; readonly precision: Float64Array }

const beta0 = 2

/**
 * Draws the distribution that n rows x came from, given them, with a Gaussian–Wishart prior of its
 * own (μ0 = 0, β0 = 2, W0 = I, ν0 = size; Salakhutdinov and Mnih 2008):
 *
 *   W⁻¹ = I + Σ (x − x̄)(x − x̄)ᵀ + β0·n/(β0 + n)·x̄x̄ᵀ + Σ λ_f·B_fB_fᵀ
 *   Λ ~ Wishart(W, ν0 + n + F)      μ ~ N(n·x̄/(β0 + n), ((β0 + n)Λ)⁻¹)
 *
 * The Wishart number is T·Tᵀ with T = C⁻ᵀB, W⁻¹ = CCᵀ, where B is lower triangular with normal
 * numbers under its diagonal and the roots of χ² numbers on it (Bartlett 1933).
 */
export function drawRowPrior(
  { rows, sum, products }: Moments,
  weights: { readonly count: number; readonly products: Float64Array },
  random: Random,
): RowPrior {
  const size = sum.length
  const beta = beta0 + rows
  // Σ(x − x̄)(x − x̄)ᵀ + β0·n/β·x̄x̄ᵀ = Σxxᵀ − (Σx)(Σx)ᵀ/β
  const inverse = products.map((product, at) => {
    const [i, j] = [Math.floor(at / size), at % size]
    return (i === j ? 1 : 0) + product + weights.products[at]! - (sum[i]! * sum[j]!) / beta
  })
  const c = cholesky(inverse, size)
  const t = Array.from({ length: size }, (_, column) => {
    const b = new Float64Array(size)
    b[column] = Math.sqrt(2 * gamma((size + rows + weights.count - column) / 2, random))
    for (let i = column + 1; i < size; i++) b[i] = random.normal()
    solveLowerTransposed(c, b)
    return b
  })
  const precision = new Float64Array(size * size)
  for (const column of t)
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) precision[i * size + j]! += column[i]! * column[j]!

  const deviation = Float64Array.from({ length: size }, () => random.normal() / Math.sqrt(beta))
  solveLowerTransposed(cholesky(precision, size), deviation)
  return { mean: deviation.map((z, i) => sum[i]! / beta + z), precision }
}
