import { sigmoids } from './exponential'

/**
 * What the steps of one epoch work on; the caller fills it in, in this order, 4 bytes each. Rows are
 * the users' first, then the movies'. A row has its state in one place: the parameters p, their
 * average gradient m and, for Adam, the average square v, each as wide as a row (see `products`).
 */
@unmanaged
class Epoch {
  /** Columns: u32, u32, f32 and, in the order to visit them, the rows' numbers, u32. */
  userIndex: usize
  movieIndex: usize
  rating: usize
  order: usize
  ratings: u32
  batchSize: u32
  users: u32
  rows: u32
  states: usize
  rowBytes: u32
  /** u32 [rows]: the step after which a row's state holds. */
  settled: usize
  /** u32 [rows]: where a row's gradient is summed in this step. */
  slot: usize
  /** u32 [slots]: the row of each slot, and f32 [slots][row]: the sums. */
  slotRow: usize
  sums: usize
  /** See `Step`; number 0 is the start of the epoch. */
  steps: usize
  /** For SGD: see `settleSgd`. */
  products: usize
  isAdam: u32
  /** 1 with biases, 0 without: the constant beside a bias. */
  one: f32
  l2: f32
  lowest: f32
  /** 0: no sigmoid. */
  span: f32
}

/** The numbers of one step; the logarithms are sums over the steps so far. Filled in by the caller. */
@unmanaged
class Step {
  keep: f64
  momentum: f64
  rate: f64
  scale: f64
  logKeep: f64
  logMomentum: f64
  /** See `settleAdam`. */
  moment0: f64
  moment1: f64
  moment2: f64
  moment3: f64
}

const beta2: f64 = 0.99
const epsilon: f32 = 1e-5
/** Steps up to which settling repeats them one by one. */
const fewSteps: u32 = 6
/** Of Adam's first hundred steps, in which 1/(1 − β2ᵗ) falls too fast for anything else. */
const earlyScale: f64 = 1.6

/**
 * Rounds numbers near 0 to multiples of unit/2²³, without effect on others: processors take a hundred
 * times as long over the numbers under 1e-38 that a decay would otherwise end in.
 */
function settleNearZero(x: v128, unit: f32): v128 {
  const units = f32x4.splat(unit)
  return f32x4.sub(f32x4.add(x, units), units)
}

/** For p and g; ε = 1e-5 stands beside g, so 1e-17 is nothing. */
const tiny: f32 = 1e-10
/** For m, the average of g. */
const tinyMean: f32 = 1e-20
/** For v, the average of g². */
const tinySquare: f32 = 1e-28

function stepAt(epoch: Epoch, number: u32): Step {
  return changetype<Step>(epoch.steps + <usize>number * offsetof<Step>())
}

function stateOf(epoch: Epoch, row: u32): usize {
  return epoch.states + <usize>row * epoch.rowBytes * (2 + epoch.isAdam)
}

/** Puts the constant beside the bias back after a row has moved. */
function pin(epoch: Epoch, row: u32): void {
  const beside: usize = row < epoch.users ? 4 : 8
  store<f32>(stateOf(epoch, row) + epoch.rowBytes - beside, epoch.one)
}

/**
 * fast.ai's Adam for one row, g′ = g + l2·p, where `gradient` is 0 for none:
 *
 *   p ← keep·p      m ← β1·m + (1 − β1)·g′      v ← β2·v + (1 − β2)·g′²
 *   p ← p − rate·m/(√(scale·v) + ε)
 */
function adam(epoch: Epoch, row: u32, step: Step, gradient: usize): void {
  const p = stateOf(epoch, row)
  const width: usize = epoch.rowBytes
  const keep = f32x4.splat(<f32>step.keep)
  const l2 = f32x4.splat(epoch.l2)
  const momentum = f32x4.splat(<f32>step.momentum)
  const ofGradient = f32x4.splat(<f32>(1 - step.momentum))
  const decay = f32x4.splat(<f32>beta2)
  const ofSquare = f32x4.splat(<f32>(1 - beta2))
  const rate = f32x4.splat(<f32>step.rate)
  const scale = f32x4.splat(<f32>step.scale)
  const small = f32x4.splat(epsilon)
  for (let at: usize = 0; at < width; at += 16) {
    const kept = f32x4.mul(v128.load(p + at), keep)
    let g = f32x4.mul(kept, l2)
    if (gradient) g = settleNearZero(f32x4.add(g, v128.load(gradient + at)), tiny)
    const m = f32x4.add(f32x4.mul(v128.load(p + width + at), momentum), f32x4.mul(g, ofGradient))
    const v = f32x4.add(
      f32x4.mul(v128.load(p + 2 * width + at), decay),
      f32x4.mul(f32x4.mul(g, g), ofSquare),
    )
    const size = f32x4.add(f32x4.sqrt(f32x4.mul(v, scale)), small)
    const moved = f32x4.sub(kept, f32x4.div(f32x4.mul(rate, m), size))
    v128.store(p + at, settleNearZero(moved, tiny))
    v128.store(p + width + at, settleNearZero(m, tinyMean))
    v128.store(p + 2 * width + at, settleNearZero(v, tinySquare))
  }
}

/**
 * The steps `from` + 1 … `to` of Adam for a row without a gradient in them, l2 = 0. With
 * n = to − from, B_j the product of the β1 since `from` and K_j that of the keeps after j:
 *
 *   p ← K·p − m·Σ_j w_j/(a_j·√v + ε)    w_j = rate_j·B_j·K_j    a_j = √(scale_j·β2^(j − from))
 *   m ← B·m    v ← β2ⁿ·v
 *
 * The sum, a function of √v, would cost n divisions for each number. It is an integral of
 * 1/(a√v + ε) over the weights w, nearly all of which lies at the first twenty steps, where a varies
 * by a tenth (after the first hundred of all); so Gauss's rule of two nodes, exact for the weights' first four moments, gives it with
 * two divisions, to the fourth power of that tenth (a test compares it with the steps themselves).
 * The moments μ_k = Σ_j w_j·a_j^k come from sums over all the steps that are left in the epoch,
 * R_k(s) = Σ_{j > s} …, in which keep stands as 1/K_s: μ_k = K·(R_k(from) − B·β2^(kn/2)/K·R_k(to)).
 */
function settleAdam(epoch: Epoch, row: u32, from: u32, to: u32): void {
  const first = stepAt(epoch, from)
  const last = stepAt(epoch, to)
  const keep = Math.exp(last.logKeep - first.logKeep)
  const momentum = Math.exp(last.logMomentum - first.logMomentum)
  const root = Math.exp(<f64>(to - from) * (0.5 * Math.log(beta2)))
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
  const small = f32x4.splat(epsilon)
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

/** SGD with momentum for one row: p ← keep·p, m ← μ·m + g + l2·p, p ← p − rate·m. */
function sgd(epoch: Epoch, row: u32, step: Step, gradient: usize): void {
  const p = stateOf(epoch, row)
  const width: usize = epoch.rowBytes
  const keep = f32x4.splat(<f32>step.keep)
  const l2 = f32x4.splat(epoch.l2)
  const momentum = f32x4.splat(<f32>step.momentum)
  const rate = f32x4.splat(<f32>step.rate)
  for (let at: usize = 0; at < width; at += 16) {
    const kept = f32x4.mul(v128.load(p + at), keep)
    const g = f32x4.add(v128.load(gradient + at), f32x4.mul(kept, l2))
    const m = f32x4.add(f32x4.mul(v128.load(p + width + at), momentum), g)
    v128.store(p + at, settleNearZero(f32x4.sub(kept, f32x4.mul(rate, m)), tiny))
    v128.store(p + width + at, settleNearZero(m, tinyMean))
  }
}

/**
 * The steps `from` + 1 … `to` of SGD for a row without a gradient in them: each multiplies (p, m) by
 * a 2 × 2 matrix, so together they are the product of these, exactly. `products` holds them as a
 * tree, (f64 × 4) [2][leaves]: at leaves + s the matrix of step s, at i the product of 2i, then 2i + 1.
 */
function settleSgd(epoch: Epoch, row: u32, from: u32, to: u32, leaves: u32): void {
  // Early steps stand on the right of a product, late ones on the left.
  let pp: f64 = 1
  let pm: f64 = 0
  let mp: f64 = 0
  let mm: f64 = 1
  let lpp: f64 = 1
  let lpm: f64 = 0
  let lmp: f64 = 0
  let lmm: f64 = 1
  let low = from + 1 + leaves
  let high = to + 1 + leaves
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
function settle(epoch: Epoch, row: u32, to: u32, leaves: u32): void {
  const at = epoch.settled + ((<usize>row) << 2)
  let from = load<u32>(at)
  if (from >= to) return
  store<u32>(at, to)
  if (!epoch.isAdam) settleSgd(epoch, row, from, to, leaves)
  else {
    const isStepwise = epoch.l2 !== 0 || to - from <= fewSteps
    while (from < to && (isStepwise || stepAt(epoch, from + 1).scale > earlyScale))
      adam(epoch, row, stepAt(epoch, ++from), 0)
    if (from < to) settleAdam(epoch, row, from, to)
  }
  pin(epoch, row)
}

/** Brings all rows to where step `to` leaves them. */
export function settleAll(address: usize, to: u32, leaves: u32): void {
  const epoch = changetype<Epoch>(address)
  for (let row: u32 = 0; row < epoch.rows; row++) settle(epoch, row, to, leaves)
}

/** A row's slot in this step, with sums of 0 at first sight; `count` slots are taken. */
function slotOf(epoch: Epoch, row: u32, step: u32, count: u32, leaves: u32): u32 {
  const at = (<usize>row) << 2
  if (load<u32>(epoch.settled + at) === step) return load<u32>(epoch.slot + at)
  settle(epoch, row, step - 1, leaves)
  store<u32>(epoch.settled + at, step)
  store<u32>(epoch.slot + at, count)
  store<u32>(epoch.slotRow + ((<usize>count) << 2), row)
  memory.fill(epoch.sums + <usize>count * epoch.rowBytes, 0, epoch.rowBytes)
  return count
}

/** Adds factor·from to the row at `to`. */
function add(to: usize, from: usize, factor: v128, width: usize): void {
  for (let at: usize = 0; at < width; at += 16)
    v128.store(to + at, f32x4.add(v128.load(to + at), f32x4.mul(v128.load(from + at), factor)))
}

function product(u: usize, v: usize, width: usize): f32 {
  let a = f32x4.mul(v128.load(u), v128.load(v))
  let b = f32x4.splat(0)
  for (let at: usize = 16; at < width; at += 32) {
    a = f32x4.add(a, f32x4.mul(v128.load(u + at), v128.load(v + at)))
    b = f32x4.add(b, f32x4.mul(v128.load(u + at, 16), v128.load(v + at, 16)))
  }
  a = f32x4.add(a, b)
  const pairs = f32x4.add(a, v128.shuffle<f32>(a, a, 2, 3, 0, 1))
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1)
}

/** Adds the gradients of one batch to the slots; each g is 2e/B·dr̂/dz. Gives Σ e². */
function sumGradients(epoch: Epoch, from: u32, to: u32): f64 {
  const width: usize = epoch.rowBytes
  const share = <f32>(2.0 / <f64>(to - from))
  let squared: f64 = 0
  for (let i: usize = from; i < <usize>to; i++) {
    const at = (<usize>load<u32>(epoch.order + (i << 2))) << 2
    const user = load<u32>(epoch.userIndex + at)
    const movie = epoch.users + load<u32>(epoch.movieIndex + at)
    const u = stateOf(epoch, user)
    const v = stateOf(epoch, movie)
    let error = product(u, v, width)
    let slope: f32 = 1
    if (epoch.span > 0) {
      const sigma = f32x4.extract_lane(sigmoids(f32x4.splat(error)), 0)
      error = epoch.lowest + epoch.span * sigma
      slope = epoch.span * sigma * (1 - sigma)
    }
    error -= load<f32>(epoch.rating + at)
    squared += <f64>error * <f64>error
    const g = f32x4.splat(share * error * slope)
    const userSlot = <usize>load<u32>(epoch.slot + ((<usize>user) << 2))
    const movieSlot = <usize>load<u32>(epoch.slot + ((<usize>movie) << 2))
    add(epoch.sums + userSlot * width, v, g, width)
    add(epoch.sums + movieSlot * width, u, g, width)
  }
  return squared
}

/**
 * The steps `from` + 1 … `to` of an epoch, a batch each, as an optimiser that moves every row at
 * every step would leave them: a row's steps without a gradient are made up for when it is next
 * needed. Gives Σ e² over their ratings.
 */
export function stepPerBatch(address: usize, from: u32, to: u32, leaves: u32): f64 {
  const epoch = changetype<Epoch>(address)
  let squared: f64 = 0
  for (let number = from + 1; number <= to; number++) {
    const first = (number - 1) * epoch.batchSize
    const end = min<u32>(first + epoch.batchSize, epoch.ratings)
    let count: u32 = 0
    for (let i: usize = first; i < <usize>end; i++) {
      const at = (<usize>load<u32>(epoch.order + (i << 2))) << 2
      const user = load<u32>(epoch.userIndex + at)
      if (slotOf(epoch, user, number, count, leaves) === count) count++
      const movie = epoch.users + load<u32>(epoch.movieIndex + at)
      if (slotOf(epoch, movie, number, count, leaves) === count) count++
    }
    squared += sumGradients(epoch, first, end)
    const step = stepAt(epoch, number)
    for (let slot: usize = 0; slot < <usize>count; slot++) {
      const row = load<u32>(epoch.slotRow + (slot << 2))
      const gradient = epoch.sums + slot * epoch.rowBytes
      if (epoch.isAdam) adam(epoch, row, step, gradient)
      else sgd(epoch, row, step, gradient)
      pin(epoch, row)
    }
  }
  return squared
}
