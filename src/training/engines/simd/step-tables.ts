import type { DotSpec } from '../../../model/spec/training-spec.ts'
import type { Rates } from '../../learning-rate/schedule.ts'

/** Of fast.ai's Adam; the kernel has the same. */
const beta2 = 0.99

/** The numbers of a kernel's `Step`, in its order. */
export const stepNumbers = 10

/**
 * Fills in the steps 1 … `steps` of an epoch for the kernel, and what it needs to make up for many
 * steps at once. `before` is how many steps came before the epoch: Adam's bias is of all steps.
 *
 *   logKeep, logMomentum: sums over the steps up to this one
 *   R_k(s) = Σ_{j > s} rate_j·B(s, j)·a(s, j)^k / K(s, j), k = 0 … 3
 *     with B and K the products of β1 and keep over s+1 … j, a = √(scale_j·β2^(j − s)); from the back:
 *   R_k(s − 1) = β1_s·β2^(k/2)/keep_s · (rate_s·scale_s^(k/2) + R_k(s))
 */
export function fillSteps(
  table: Float64Array,
  spec: Pick<DotSpec, 'optimizer' | 'decay' | 'weightDecay'>,
  ratesAt: (step: number) => Rates,
  steps: number,
  before: number,
): void {
  const isAdam = spec.optimizer === 'adam'
  table.fill(0, 0, stepNumbers)
  let logKeep = 0
  let logMomentum = 0
  for (let s = 1; s <= steps; s++) {
    const { learningRate, momentum } = ratesAt(s - 1)
    const keep = spec.decay === 'decoupled' ? 1 - learningRate * spec.weightDecay : 1
    const t = before + s
    const rate = isAdam ? learningRate / (1 - momentum ** t) : learningRate
    const scale = 1 / (1 - beta2 ** t)
    logKeep += Math.log(keep)
    logMomentum += Math.log(atLeast(momentum))
    table.set([keep, momentum, rate, scale, logKeep, logMomentum, 0, 0, 0, 0], s * stepNumbers)
  }
  if (isAdam) fillMoments(table, steps)
}

function fillMoments(table: Float64Array, steps: number): void {
  for (let s = steps; s >= 1; s--) {
    const at = s * stepNumbers
    const [keep, momentum, rate, scale] = table.subarray(at, at + 4) as unknown as number[]
    for (let k = 0; k < 4; k++) {
      const root = beta2 ** (k / 2)
      const later = table[at + 6 + k]!
      table[at - stepNumbers + 6 + k] =
        ((atLeast(momentum!) * root) / keep!) * (rate! * scale! ** (k / 2) + later)
    }
  }
}

/** A momentum of 0 has no logarithm; this is as good as 0. */
function atLeast(momentum: number): number {
  return Math.max(momentum, 1e-30)
}

/**
 * For SGD, the matrix by which each step multiplies a row's (p, m) when it has no gradient,
 *
 *   p ← keep·(1 − rate·l2)·p − rate·μ·m      m ← keep·l2·p + μ·m
 *
 * as the leaves of a tree of products [2·leaves][2][2] in C order, leaves = steps + 1: step s at
 * leaves + s, and at i the product of 2i, the earlier, and 2i + 1.
 */
export function fillProducts(
  tree: Float64Array,
  table: Float64Array,
  l2: number,
  steps: number,
): void {
  const leaves = steps + 1
  tree.fill(0)
  tree.set([1, 0, 0, 1], leaves * 4)
  for (let s = 1; s <= steps; s++) {
    const at = s * stepNumbers
    const [keep, momentum, rate] = [table[at]!, table[at + 1]!, table[at + 2]!]
    tree.set([keep * (1 - rate * l2), -rate * momentum, keep * l2, momentum], (leaves + s) * 4)
  }
  for (let i = leaves - 1; i >= 1; i--) {
    const [a, b, c, d] = tree.subarray(8 * i, 8 * i + 4) as unknown as [
      number,
      number,
      number,
      number,
    ]
    const [e, f, g, h] = tree.subarray(8 * i + 4, 8 * i + 8) as unknown as [
      number,
      number,
      number,
      number,
    ]
    tree.set([e * a + f * c, e * b + f * d, g * a + h * c, g * b + h * d], 4 * i)
  }
}
