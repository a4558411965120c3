import type { Settings, TuningSpec } from '../../model/spec/tuning-spec.ts'
import { createRandom } from '../../numeric/random/random.ts'

const wholeNumbers = new Set(['factors', 'userFactors', 'movieFactors', 'epochs', 'batchSize'])

type Range = { readonly min: number; readonly max: number; readonly log: boolean }
type Dimension = readonly Settings[string][] | Range

/**
 * The settings of trial n, from 1: each hyper-parameter drawn by itself from the seed, n and its
 * name, so that neither a longer budget nor another hyper-parameter changes it.
 */
export function drawSettings({ space, seed }: TuningSpec, trial: number): Settings {
  const dimensions = Object.entries(space as Record<string, Dimension | undefined>)
  return Object.fromEntries(
    dimensions.flatMap(([name, dimension]) => {
      if (!dimension) return []
      const random = createRandom(seed, `trial-${trial}-${name}`)
      if (!('min' in dimension)) return [[name, dimension[random.below(dimension.length)]!]]
      const isWhole = wholeNumbers.has(name)
      return [
        [
          name,
          isWhole ? drawWhole(dimension, random.uniform()) : draw(dimension, random.uniform()),
        ],
      ]
    }),
  )
}

/** min + (max − min)·u, or min·(max/min)ᵘ when the logarithm is to be even. */
function draw({ min, max, log }: Range, u: number): number {
  return log ? min * (max / min) ** u : min + (max - min) * u
}

/** Both ends are as likely as what is between. */
function drawWhole({ min, max, log }: Range, u: number): number {
  return Math.min(max, Math.floor(draw({ min, max: max + 1, log }, u)))
}
