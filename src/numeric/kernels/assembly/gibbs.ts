import {
  addNormalEquations,
  addTimes,
  factorise,
  LeastSquares,
  solveTransposed,
  solveUpper,
} from './least-squares'
import { addNormals, streamOf } from './normals'

/**
 * One side's half of a sweep. A row of either side holds its factors, then its bias at `offsetAt`,
 * then zeros up to `size`; `table` are the other side's rows.
 */
@unmanaged
export class GibbsSide extends LeastSquares {
  /** Seeds the draws, together with a row's number. */
  key: u64
  /** f32 [rows, size]: this side's rows. */
  rows: usize
  /** f32 [rows]: what the ratings of a row weigh besides; address 0: 1 for all. */
  rowWeight: usize
  /** Λ, f32 [size, size], both triangles; 1 on the diagonal beyond the bias. */
  precision: usize
  /** f32 [size]: what the mean of every row before its ratings are seen begins with, μ. */
  mean: usize
  /** f32 [rows, size]: what each row adds to it; address 0: nothing. */
  means: usize
  /** α, the precision of a rating. */
  noise: f32
  /** f64 [rows]: where `squaredErrors` leaves those of each row. */
  errors: usize
}

/**
 * Draws the rows `from` … `to` given the other side's (Salakhutdinov and Mnih, "Bayesian
 * probabilistic matrix factorization using Markov chain Monte Carlo", 2008, with the bias b as one
 * more factor): with x_j the other row of rating j, in whose bias's place a 1 stands, and o_j its
 * bias,
 *
 *   A = Λ + α·Σ w_j·x_j·x_jᵀ      c = Λm + α·Σ w_j·(t_j − o_j)·x_j      (u, b) ~ N(A⁻¹c, A⁻¹)
 *
 * w_j being the weight of the rating times that of the row.
 *
 * A row without ratings gets its prior mean m, the expectation of what would be drawn. Gives how
 * many rows could not be drawn, since A was not positive definite. `scratch` is [size + 2, size]
 * and a panel.
 */
export function drawRows(side: GibbsSide, from: u32, to: u32, scratch: usize): u32 {
  const size = side.size
  const bytes = (<usize>size) << 2
  const a = scratch
  const b = scratch + <usize>size * bytes
  const mean = b + bytes
  const panel = mean + bytes
  let failures: u32 = 0
  for (let row = from; row < to; row++) {
    memory.copy(mean, side.mean, bytes)
    if (side.means !== 0) addTimes(mean, side.means + <usize>row * bytes, 1, bytes)
    const out = side.rows + <usize>row * bytes
    const first = load<u32>(side.start + ((<usize>row) << 2))
    const last = load<u32>(side.start + ((<usize>row) << 2), 4)
    if (first === last) {
      memory.copy(out, mean, bytes)
      continue
    }
    memory.fill(a, 0, <usize>(size + 1) * bytes)
    addNormalEquations(side, first, last, panel, a, b)
    const weight = side.rowWeight === 0 ? <f32>1 : load<f32>(side.rowWeight + ((<usize>row) << 2))
    addPrior(side, side.noise * weight, mean, a, b)
    if (factorise(a, size) === 0) {
      failures++
      continue
    }
    solveTransposed(a, b, size)
    addNormals(streamOf(side.key, row), b, side.offsetAt + 1)
    solveUpper(a, b, size)
    memory.copy(out, b, bytes)
  }
  return failures
}

/** A ← Λ + α·A and b ← Λm + α·b */
function addPrior(side: GibbsSide, alpha: f32, mean: usize, a: usize, b: usize): void {
  const bytes = (<usize>side.size) << 2
  const noise = f32x4.splat(alpha)
  for (let at: usize = 0, end = <usize>side.size * bytes; at < end; at += 16)
    v128.store(
      a + at,
      f32x4.add(v128.load(side.precision + at), f32x4.mul(noise, v128.load(a + at))),
    )
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(b + at, f32x4.mul(noise, v128.load(b + at)))
  for (let j: usize = 0; j < bytes; j += 4)
    addTimes(b, side.precision + (j >> 2) * bytes, load<f32>(mean + j), bytes)
}

/** Σ (t_j − u·v_j − b_u − b_v)² over the ratings of each row `from` … `to`; gives that of all. */
export function squaredErrors(side: GibbsSide, from: u32, to: u32): f64 {
  const bytes = (<usize>side.size) << 2
  const bias = (<usize>side.offsetAt) << 2
  let squares: f64 = 0
  for (let row = from; row < to; row++) {
    let own: f64 = 0
    const x = side.rows + <usize>row * bytes
    const last = load<u32>(side.start + ((<usize>row) << 2), 4)
    for (let j = load<u32>(side.start + ((<usize>row) << 2)); j < last; j++) {
      const y = side.table + <usize>load<u32>(side.index + ((<usize>j) << 2)) * bytes
      const error = load<f32>(side.target + ((<usize>j) << 2)) - prediction(x, y, bytes, bias)
      own += <f64>(error * error)
    }
    store<f64>(side.errors + ((<usize>row) << 3), own)
    squares += own
  }
  return squares
}

/** Pairs of rows, and a sum for each. */
@unmanaged
export class Predictions {
  /** f32 [rows, size]: the rows of both sides, as in `GibbsSide`. */
  users: usize
  movies: usize
  /** u32 [pairs] */
  userIndex: usize
  movieIndex: usize
  /** f32 [pairs] */
  sum: usize
  size: u32
  /** Where the bias stands in a row: after as many factors. */
  factors: u32
}

/** `sum[i]` ← `sum[i]` + u·v + b_u + b_v for the pairs `from` … `to`. */
export function addPredictions(pairs: Predictions, from: u32, to: u32): void {
  const bytes = (<usize>pairs.size) << 2
  const bias = (<usize>pairs.factors) << 2
  for (let i = from; i < to; i++) {
    const pair = (<usize>i) << 2
    const x = pairs.users + <usize>load<u32>(pairs.userIndex + pair) * bytes
    const y = pairs.movies + <usize>load<u32>(pairs.movieIndex + pair) * bytes
    const at = pairs.sum + pair
    store<f32>(at, load<f32>(at) + prediction(x, y, bytes, bias))
  }
}

function prediction(x: usize, y: usize, bytes: usize, bias: usize): f32 {
  let products = f32x4.mul(v128.load(x), v128.load(y))
  for (let at: usize = 16; at < bytes; at += 16)
    products = f32x4.add(products, f32x4.mul(v128.load(x + at), v128.load(y + at)))
  const ofX = load<f32>(x + bias)
  const ofY = load<f32>(y + bias)
  const low = f32x4.extract_lane(products, 0) + f32x4.extract_lane(products, 1)
  const high = f32x4.extract_lane(products, 2) + f32x4.extract_lane(products, 3)
  // The product has the biases multiplied where they should be added.
  return low + high - ofX * ofY + ofX + ofY
}
