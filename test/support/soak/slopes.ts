import { createRandom } from '../../../src/numeric/random/random.ts'

export type Slope = {
  /** By how much the values grow in the unit of the times, and a 95 % interval. */
  readonly slope: number
  readonly low: number
  readonly high: number
  readonly differsFromZero: boolean
}

const draws = 1_000
/** Values side by side are alike, so they are drawn in blocks of so many. */
const blockSize = 8

/**
 * The Theil–Sen slope of values over times (the median of the slopes of all pairs, which a few odd
 * values do not move) and its interval by a bootstrap of blocks of what the line leaves over
 * (Künsch, "The jackknife and the bootstrap for general stationary observations", 1989).
 */
export function slopeOf(times: readonly number[], values: readonly number[], seed = 1): Slope {
  const slope = theilSen(times, values)
  const residuals = values.map((value, i) => value - slope * times[i]!)
  const random = createRandom(seed, 'slopes')
  const size = Math.min(blockSize, values.length)
  const slopes = Array.from({ length: draws }, () => {
    const drawn: number[] = []
    while (drawn.length < values.length) {
      const from = random.below(values.length - size + 1)
      drawn.push(...residuals.slice(from, from + size))
    }
    return slope + leastSquares(times, drawn.slice(0, values.length))
  }).sort((a, b) => a - b)
  const [low, high] = [slopes[Math.floor(0.025 * draws)]!, slopes[Math.floor(0.975 * draws)]!]
  return { slope, low, high, differsFromZero: low > 0 || high < 0 }
}

function theilSen(times: readonly number[], values: readonly number[]): number {
  const slopes: number[] = []
  for (let i = 0; i < times.length; i++)
    for (let j = i + 1; j < times.length; j++)
      slopes.push((values[j]! - values[i]!) / (times[j]! - times[i]!))
  slopes.sort((a, b) => a - b)
  const middle = Math.floor(slopes.length / 2)
  return slopes.length % 2 === 1 ? slopes[middle]! : (slopes[middle - 1]! + slopes[middle]!) / 2
}

function leastSquares(times: readonly number[], values: readonly number[]): number {
  const mean = (all: readonly number[]) => all.reduce((sum, one) => sum + one, 0) / all.length
  const [time, value] = [mean(times), mean(values)]
  let above = 0
  let below = 0
  for (const [i, at] of times.entries()) {
    above += (at - time) * (values[i]! - value)
    below += (at - time) ** 2
  }
  return above / below
}
