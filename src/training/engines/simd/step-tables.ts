import { batchStep } from '../../../numeric/kernels/structs.ts'
import type { Rates } from '../../learning-rate/schedule.ts'
import { coefficientsOf } from '../coefficients.ts'

type Settings = Parameters<typeof coefficientsOf>[0]

/** Numbers of a `batchStep`, and the place of each among them. */
const stepNumbers = batchStep.bytes / 8
const place = Object.fromEntries(
  Object.entries(batchStep.offsets).map(([name, offset]) => [name, offset / 8]),
) as typeof batchStep.offsets
const momentPlaces = [place.moment0, place.moment1, place.moment2, place.moment3]

/**
 * Fills in the steps 1 … `steps` of an epoch for the kernel, and what it needs to make up for many
 * steps at once. `before` is how many steps came before the epoch: Adam's bias is of all steps.
 *
 *   logKeep, logMomentum: sums over the steps up to this one
 *   R_k(s) = Σ_{j > s} rate_j·B(s, j)·a(s, j)^k / K(s, j), k = 0 … 3
 *     with B and K the products of β1 and keep over s+1 … j, a = √(scale_j·β2^(j − s)), from behind:
 *   R_k(s − 1) = β1_s·β2^(k/2)/keep_s · (rate_s·scale_s^(k/2) + R_k(s))
 */
export function fillSteps(
  table: Float64Array,
  spec: Settings,
  ratesAt: (step: number) => Rates,
  steps: number,
  before: number,
): void {
  table.fill(0)
  let logKeep = 0
  let logMomentum = 0
  for (let s = 1; s <= steps; s++) {
    const { keep, momentum, rate, scale } = coefficientsOf(spec, ratesAt(s - 1), before + s)
    logKeep += Math.log(keep)
    logMomentum += Math.log(atLeast(momentum))
    const at = s * stepNumbers
    table[at + place.keep] = keep
    table[at + place.momentum] = momentum
    table[at + place.rate] = rate
    table[at + place.scale] = scale
    table[at + place.logKeep] = logKeep
    table[at + place.logMomentum] = logMomentum
  }
  if (spec.optimizer === 'adam') fillMoments(table, steps, spec.beta2)
}

function fillMoments(table: Float64Array, steps: number, beta2: number): void {
  for (let s = steps; s >= 1; s--) {
    const at = s * stepNumbers
    const keep = table[at + place.keep]!
    const momentum = atLeast(table[at + place.momentum]!)
    const rate = table[at + place.rate]!
    const scale = table[at + place.scale]!
    for (let k = 0; k < 4; k++) {
      const moment = at + momentPlaces[k]!
      table[moment - stepNumbers] =
        ((momentum * beta2 ** (k / 2)) / keep) * (rate * scale ** (k / 2) + table[moment]!)
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
    const keep = table[at + place.keep]!
    const momentum = table[at + place.momentum]!
    const rate = table[at + place.rate]!
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
