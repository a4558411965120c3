import { BatchRows, pin, stateOf, stepAt } from './epoch'
import { adam, settleNearZero, tiny, tinyMean, tinySquare } from './optimizer'

/** Steps up to which settling repeats them one by one. */
const fewSteps: u32 = 6
/** The quadrature needs averages of squares that last longer than those of gradients. */
const leastBeta2: f64 = 0.98

/**
 * The steps `from` + 1 … `to` of Adam for a row without a gradient in them, l2 = 0. With
 * n = to − from, B_j the product of the β1 since `from` and K_j that of the keeps after j:
 *
 *   p ← K·p − m·Σ_j w_j/(a_j·√v + ε)    w_j = rate_j·B_j·K_j    a_j = √(scale_j·β2^(j − from))
 *   m ← B·m    v ← β2ⁿ·v
 *
 * The sum, a function of √v, would cost n divisions for each number. It is an integral of 1/(a√v +
 * ε) over the weights w, nearly all of which lies at the first twenty steps, where a varies by a
 * tenth (of β2 = 0.99, after the first hundred of all); so Gauss's rule of two nodes, exact for the weights'
 * first four moments, gives it with two divisions, to the fourth power of that tenth (a test
 * compares it with the steps themselves). The moments μ_k = Σ_j w_j·a_j^k come from sums over all
 * the steps that are left in the epoch, R_k(s) = Σ_{j > s} …, in which keep stands as 1/K_s: μ_k =
 * K·(R_k(from) − B·β2^(kn/2)/K·R_k(to)).
 */
function settleAdam(epoch: BatchRows, row: u32, from: u32, to: u32): void {
  const first = stepAt(epoch, from)
  const last = stepAt(epoch, to)
  const keep = Math.exp(last.logKeep - first.logKeep)
  const momentum = Math.exp(last.logMomentum - first.logMomentum)
  const root = Math.exp(<f64>(to - from) * (0.5 * Math.log(epoch.beta2)))
  let rest = momentum / keep
  const mu0 = keep * (first.moment0 - rest * last.moment0)
  rest *= root
  const mu1 = keep * (first.moment1 - rest * last.moment1)
  rest *= root
  const mu2 = keep * (first.moment2 - rest * last.moment2)
  rest *= root
  const mu3 = keep * (first.moment3 - rest * last.moment3)

  const mean = mu1 / mu0
  const variance = max<f64>(mu2 / mu0 - mean * mean, 1e-12)
  const skew = mu3 / mu0 - 3 * mean * (mu2 / mu0) + 2 * mean * mean * mean
  const half = (0.5 * skew) / variance
  const reach = Math.sqrt(half * half + variance)
  const weight = mu0 / (2 * reach)
  // Of the nodes mean + half ± reach, each weighs as much as the other is far from the mean.
  const near = f32x4.splat(<f32>(mean + half - reach))
  const far = f32x4.splat(<f32>(mean + half + reach))
  const nearWeight = f32x4.splat(<f32>(weight * (half + reach)))
  const farWeight = f32x4.splat(<f32>(weight * (reach - half)))

  const p = stateOf(epoch, row)
  const width: usize = epoch.rowBytes
  const keeps = f32x4.splat(<f32>keep)
  const momenta = f32x4.splat(<f32>momentum)
  const squares = f32x4.splat(<f32>(root * root))
  const small = f32x4.splat(epoch.epsilon)
  for (let at: usize = 0; at < width; at += 16) {
    const m = v128.load(p + width + at)
    const v = v128.load(p + 2 * width + at)
    const size = f32x4.sqrt(v)
    const sum = f32x4.add(
      f32x4.div(nearWeight, f32x4.add(f32x4.mul(near, size), small)),
      f32x4.div(farWeight, f32x4.add(f32x4.mul(far, size), small)),
    )
    const moved = f32x4.sub(f32x4.mul(v128.load(p + at), keeps), f32x4.mul(m, sum))
    v128.store(p + at, settleNearZero(moved, tiny))
    v128.store(p + width + at, settleNearZero(f32x4.mul(m, momenta), tinyMean))
    v128.store(p + 2 * width + at, settleNearZero(f32x4.mul(v, squares), tinySquare))
  }
}

/**
 * The steps `from` + 1 … `to` of SGD for a row without a gradient in them: each multiplies (p, m)
 * by a 2 × 2 matrix, so together they are the product of these, exactly. `products` holds them as a
 * tree, (f64 × 4) [2][leaves]: at leaves + s the matrix of step s, at i the product of 2i, then 2i
 * + 1.
 */
function settleSgd(epoch: BatchRows, row: u32, from: u32, to: u32): void {
  // Early steps stand on the right of a product, late ones on the left.
  let pp: f64 = 1
  let pm: f64 = 0
  let mp: f64 = 0
  let mm: f64 = 1
  let lpp: f64 = 1
  let lpm: f64 = 0
  let lmp: f64 = 0
  let lmm: f64 = 1
  let low = from + 1 + epoch.leaves
  let high = to + 1 + epoch.leaves
  for (; low < high; low >>= 1, high >>= 1) {
    if (low & 1) {
      const a = epoch.products + ((<usize>low) << 5)
      const x = load<f64>(a) * pp + load<f64>(a, 8) * mp
      const y = load<f64>(a) * pm + load<f64>(a, 8) * mm
      mp = load<f64>(a, 16) * pp + load<f64>(a, 24) * mp
      mm = load<f64>(a, 16) * pm + load<f64>(a, 24) * mm
      pp = x
      pm = y
      low++
    }
    if (high & 1) {
      high--
      const a = epoch.products + ((<usize>high) << 5)
      const x = lpp * load<f64>(a) + lpm * load<f64>(a, 16)
      const y = lmp * load<f64>(a) + lmm * load<f64>(a, 16)
      lpm = lpp * load<f64>(a, 8) + lpm * load<f64>(a, 24)
      lmm = lmp * load<f64>(a, 8) + lmm * load<f64>(a, 24)
      lpp = x
      lmp = y
    }
  }
  const fromP = f32x4.splat(<f32>(lpp * pp + lpm * mp))
  const fromM = f32x4.splat(<f32>(lpp * pm + lpm * mm))
  const toMFromP = f32x4.splat(<f32>(lmp * pp + lmm * mp))
  const toMFromM = f32x4.splat(<f32>(lmp * pm + lmm * mm))
  const state = stateOf(epoch, row)
  const width: usize = epoch.rowBytes
  for (let at: usize = 0; at < width; at += 16) {
    const p = v128.load(state + at)
    const m = v128.load(state + width + at)
    const newP = f32x4.add(f32x4.mul(fromP, p), f32x4.mul(fromM, m))
    const newM = f32x4.add(f32x4.mul(toMFromP, p), f32x4.mul(toMFromM, m))
    v128.store(state + at, settleNearZero(newP, tiny))
    v128.store(state + width + at, settleNearZero(newM, tinyMean))
  }
}

/** Brings a row to where step `to` leaves it, in which it has no gradient. */
export function settle(epoch: BatchRows, row: u32, to: u32): void {
  const at = epoch.settled + ((<usize>row) << 2)
  let from = load<u32>(at)
  if (from >= to) return
  store<u32>(at, to)
  if (!epoch.isAdam) settleSgd(epoch, row, from, to)
  else {
    const isStepwise = epoch.l2 !== 0 || epoch.beta2 < leastBeta2 || to - from <= fewSteps
    while (from < to && (isStepwise || stepAt(epoch, from + 1).scale > epoch.earlyScale))
      adam(epoch, row, stepAt(epoch, ++from), 0, 0, epoch.rowBytes)
    if (from < to) settleAdam(epoch, row, from, to)
  }
  pin(epoch, row)
}

/** Brings all rows to where step `to` leaves them. */
export function settleAll(epoch: BatchRows, to: u32): void {
  for (let row: u32 = 0; row < epoch.rows; row++) settle(epoch, row, to)
}
