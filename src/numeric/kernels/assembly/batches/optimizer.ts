import { BatchRows, BatchStep, stateOf } from './epoch'

/**
 * Rounds numbers near 0 to multiples of unit/2²³, without effect on others: processors take a
 * hundred times as long over the numbers under 1e-38 that a decay would otherwise end in.
 */
export function settleNearZero(x: v128, unit: f32): v128 {
  const units = f32x4.splat(unit)
  return f32x4.sub(f32x4.add(x, units), units)
}

/** For p and g; ε = 1e-5 stands beside g, so 1e-17 is nothing. */
export const tiny: f32 = 1e-10
/** For m, the average of g. */
export const tinyMean: f32 = 1e-20
/** For v, the average of g². */
export const tinySquare: f32 = 1e-28

/**
 * fast.ai's Adam for the bytes `from` … `to` of a row, g′ = g + l2·p, where `gradient` is 0 for none:
 *
 *   p ← keep·p      m ← β1·m + (1 − β1)·g′      v ← β2·v + (1 − β2)·g′²
 *   p ← p − rate·m/(√(scale·v) + ε)
 */
export function adam(
  epoch: BatchRows,
  row: u32,
  step: BatchStep,
  gradient: usize,
  from: usize,
  to: usize,
): void {
  const p = stateOf(epoch, row)
  const width: usize = epoch.rowBytes
  const keep = f32x4.splat(<f32>step.keep)
  const l2 = f32x4.splat(epoch.l2)
  const momentum = f32x4.splat(<f32>step.momentum)
  const ofGradient = f32x4.splat(<f32>(1 - step.momentum))
  const decay = f32x4.splat(<f32>epoch.beta2)
  const ofSquare = f32x4.splat(<f32>(1 - epoch.beta2))
  const rate = f32x4.splat(<f32>step.rate)
  const scale = f32x4.splat(<f32>step.scale)
  const small = f32x4.splat(epoch.epsilon)
  for (let at = from; at < to; at += 16) {
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

/** SGD with momentum for them: p ← keep·p, m ← μ·m + g + l2·p, p ← p − rate·m. */
function sgd(
  epoch: BatchRows,
  row: u32,
  step: BatchStep,
  gradient: usize,
  from: usize,
  to: usize,
): void {
  const p = stateOf(epoch, row)
  const width: usize = epoch.rowBytes
  const keep = f32x4.splat(<f32>step.keep)
  const l2 = f32x4.splat(epoch.l2)
  const momentum = f32x4.splat(<f32>step.momentum)
  const rate = f32x4.splat(<f32>step.rate)
  for (let at = from; at < to; at += 16) {
    const kept = f32x4.mul(v128.load(p + at), keep)
    const g = f32x4.add(v128.load(gradient + at), f32x4.mul(kept, l2))
    const m = f32x4.add(f32x4.mul(v128.load(p + width + at), momentum), g)
    v128.store(p + at, settleNearZero(f32x4.sub(kept, f32x4.mul(rate, m)), tiny))
    v128.store(p + width + at, settleNearZero(m, tinyMean))
  }
}

/** Moves the bytes `from` … `to` of a row by their gradient. */
export function moveRow(
  epoch: BatchRows,
  row: u32,
  step: BatchStep,
  gradient: usize,
  from: usize,
  to: usize,
): void {
  if (epoch.isAdam) adam(epoch, row, step, gradient, from, to)
  else sgd(epoch, row, step, gradient, from, to)
}
