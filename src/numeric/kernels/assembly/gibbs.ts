import {
  addNormalEquations,
  addTimes,
  factorise,
  solveTransposed,
  solveUpper,
} from './least-squares'
import { addNormals, streamOf } from './normals'

/**
 * One side's half of a sweep; the caller fills it in, in this order, 4 bytes each but the first, which has 8. A row of either side
 * holds its factors, then its bias, then zeros up to `size`.
 */
@unmanaged
class Side {
  /** Seeds the draws, together with a row's number. */
  key: u64
  /** Its rows, f32 [rows, size], and those of the other side. */
  rows: usize
  others: usize
  /** u32 [rows + 1]: the ratings of row i are `start[i]` … `start[i + 1]`. */
  start: usize
  /** u32: the other side's row of each rating, and f32: what u·v and the biases are to add up to. */
  index: usize
  target: usize
  size: u32
  /** Where the bias stands: after as many factors. */
  factors: u32
  /** Λ, f32 [size, size], both triangles; 1 on the diagonal beyond the bias. */
  precision: usize
  /** f32 [size]: what the mean of every row before its ratings are seen begins with, μ. */
  mean: usize
  /** f32 [rows, size]: what each row adds to it; address 0: nothing. */
  means: usize
  /** α, the precision of a rating. */
  noise: f32
  /** f32: by how much more each rating counts, w, and w·t of it. */
  weight: usize
  weighted: usize
  /** f64 [rows]: where `squaredErrors` leaves those of each row. */
  errors: usize
}

/**
 * Draws the rows `from` … `to` given the other side's (Salakhutdinov and Mnih, "Bayesian probabilistic
 * matrix factorization using Markov chain Monte Carlo", 2008, with the bias b as one more factor):
 * with x_j the other row of rating j, in whose bias's place a 1 stands, and o_j its bias,
 *
 *   A = Λ + α·Σ w_j·x_j·x_jᵀ      c = Λm + α·Σ w_j·(t_j − o_j)·x_j      (u, b) ~ N(A⁻¹c, A⁻¹)
 *
 * A row without ratings gets its prior mean m, the expectation of what would be drawn. Gives how many
 * rows could not be drawn, since A was not positive definite. `scratch` is [size + 2, size] and a panel.
 */
export function drawRows(side: Side, from: u32, to: u32, scratch: usize): u32 {
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
    addNormalEquations(
      side.index,
      side.weight,
      side.weighted,
      first,
      last,
      side.others,
      size,
      side.factors,
      panel,
      a,
      b,
    )
    addPrior(side, mean, a, b)
    if (factorise(a, size) === 0) {
      failures++
      continue
    }
    solveTransposed(a, b, size)
    addNormals(streamOf(side.key, row), b, side.factors + 1)
    solveUpper(a, b, size)
    memory.copy(out, b, bytes)
  }
  return failures
}

/** A ← Λ + α·A and b ← Λm + α·b */
function addPrior(side: Side, mean: usize, a: usize, b: usize): void {
  const bytes = (<usize>side.size) << 2
  const noise = f32x4.splat(side.noise)
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
export function squaredErrors(side: Side, from: u32, to: u32): f64 {
  const bytes = (<usize>side.size) << 2
  const bias = (<usize>side.factors) << 2
  let squares: f64 = 0
  for (let row = from; row < to; row++) {
    let own: f64 = 0
    const x = side.rows + <usize>row * bytes
    const last = load<u32>(side.start + ((<usize>row) << 2), 4)
    for (let j = load<u32>(side.start + ((<usize>row) << 2)); j < last; j++) {
      const y = side.others + <usize>load<u32>(side.index + ((<usize>j) << 2)) * bytes
      const error = load<f32>(side.target + ((<usize>j) << 2)) - prediction(x, y, bytes, bias)
      own += <f64>(error * error)
    }
    store<f64>(side.errors + ((<usize>row) << 3), own)
    squares += own
  }
  return squares
}

/** `sum[i]` ← `sum[i]` + u·v + b_u + b_v for the pairs `from` … `to`; a row's number is u32. */
export function addPredictions(
  users: usize,
  movies: usize,
  userIndex: usize,
  movieIndex: usize,
  sum: usize,
  from: u32,
  to: u32,
  size: u32,
  factors: u32,
): void {
  const bytes = (<usize>size) << 2
  for (let i = from; i < to; i++) {
    const x = users + <usize>load<u32>(userIndex + ((<usize>i) << 2)) * bytes
    const y = movies + <usize>load<u32>(movieIndex + ((<usize>i) << 2)) * bytes
    const at = sum + ((<usize>i) << 2)
    store<f32>(at, load<f32>(at) + prediction(x, y, bytes, (<usize>factors) << 2))
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
