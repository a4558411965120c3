const maxRounds = 20
const maxHalvings = 6
const tolerance = 1e-9
/** Share of the objective by which a round must lower it to be followed by another. */
const leastGain = 1e-6

/** Nonlinear least squares in w, as it is near one w after the other. */
export type System = {
  /** Whether the last step is taken, too, of which nobody asked whether it leads uphill. */
  readonly takesLast: boolean
  /** |w|² */
  square(w: Float64Array): number
  /** Takes residuals and slopes at w; gives the objective there. */
  linearise(w: Float64Array): number
  /** The w' of a step from w. */
  solve(w: Float64Array): Float64Array
}

/** The w [size] to which Gauss–Newton steps lead from 0, each halved while it leads uphill. */
export function gaussNewton(system: System, size: number): Float64Array {
  let w: Float64Array = new Float64Array(size)
  let objective = system.linearise(w)
  let next = system.solve(w)
  for (let round = 1; round < maxRounds && distance(system, next, w) > tolerance; round++) {
    let step = next
    let reached = system.linearise(step)
    for (let half = 0; half < maxHalvings && reached > objective; half++) {
      step = step.map((value, i) => (value + w[i]!) / 2)
      reached = system.linearise(step)
    }
    if (reached > objective) break
    const gain = objective - reached
    objective = reached
    w = step
    next = system.solve(w)
    if (gain < leastGain * objective) break
  }
  return system.takesLast || distance(system, next, w) <= tolerance ? next : w
}

/** |a − b|² as a share of 1 + |a|². */
function distance({ square }: System, a: Float64Array, b: Float64Array): number {
  const gap = new Float64Array(a.length)
  for (let i = 0; i < a.length; i++) gap[i] = a[i]! - b[i]!
  return square(gap) / (1 + square(a))
}
