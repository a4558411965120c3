import type { Random } from './random.ts'

/**
 * A number from the gamma distribution with a shape of at least 1 and a scale of 1, by rejection
 * (Marsaglia and Tsang, "A simple method for generating gamma variables", 2000).
 */
export function gamma(shape: number, random: Random): number {
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = random.normal()
    const v = (1 + c * x) ** 3
    if (v <= 0) continue
    const u = 1 - random.uniform()
    if (Math.log(u) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v
  }
}
