/**
 * Which of some settings is best by what users gain under each [users], null where it failed: the
 * one with the highest mean, if it beats the first that did not fail by more than the standard error
 * of their paired difference.
 */
export function bestOf(gains: readonly (Float64Array | null)[]): number {
  const first = Math.max(
    0,
    gains.findIndex((one) => one !== null),
  )
  let best = first
  let highest = 0
  for (const [i, gain] of gains.entries()) {
    if (!gain) continue
    const { mean, error } = differenceOf(gain, gains[first]!)
    if (mean <= highest || mean <= error) continue
    highest = mean
    best = i
  }
  return best
}

/** The mean of paired differences and its standard error. */
function differenceOf(gains: Float64Array, reference: Float64Array) {
  const differences = gains.map((gain, i) => gain - reference[i]!)
  const count = differences.length
  const mean = differences.reduce((sum, value) => sum + value, 0) / count
  const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, error: Math.sqrt(squares / count / Math.max(1, count - 1)) }
}
