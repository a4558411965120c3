import { BatchEpoch, BatchStep, stateOf } from './epoch'

/** β2, the decay of Adam's average squares. */
export const beta2: f64 = 0.99
/** ε of Adam. */
export const epsilon: f32 = 1e-5

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
 * fast.ai's Adam for one row, g′ = g + l2·p, where `gradient` is 0 for none:
 *
 *   p ← keep·p      m ← β1·m + (1 − β1)·g′      v ← β2·v + (1 − β2)·g′²
 *   p ← p − rate·m/(√(scale·v) + ε)
 */
export function adam(epoch: BatchEpoch, row: u32, step: BatchStep, gradient: usize): void {
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

/** SGD with momentum for one row: p ← keep·p, m ← μ·m + g + l2·p, p ← p − rate·m. */
export function sgd(epoch: BatchEpoch, row: u32, step: BatchStep, gradient: usize): void {
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
