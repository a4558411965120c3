const maxRounds = 20
const maxHalvings = 6
const tolerance = 1e-9
/** Share of the objective by which a round must lower it to be followed by another. */
const leastGain = 1e-6

/** Nonlinear least squares in w [size], as it is near one w after the other. */
export type System = {
  /** Whether the last step is taken, too, of which nobody asked whether it leads uphill. */
  readonly takesLast: boolean
  /** To work in, four times [size]; what is found is one of them. */
  readonly vectors: readonly [Float64Array, Float64Array, Float64Array, Float64Array]
  /** |w|² */
  square(w: Float64Array): number
  /** Takes residuals and slopes at w; gives the objective there. */
  linearise(w: Float64Array): number
  /** The w' of a step from w, into `next`. */
  solve(w: Float64Array, next: Float64Array): void
}

/** The w to which Gauss–Newton steps lead from 0, each halved while it leads uphill. */
export function gaussNewton(system: System): Float64Array {
  let [w, step, next] = system.vectors
  w.fill(0)
  let objective = system.linearise(w)
  system.solve(w, next)
  const isThere = () => distance(system, next, w) <= tolerance
  // Where the last step is taken the gain alone says when to stop: a distance costs half a round.
  for (let round = 1; round < maxRounds && (system.takesLast || !isThere()); round++) {
    step.set(next)
    let reached = system.linearise(step)
    for (let half = 0; half < maxHalvings && reached > objective; half++) {
      for (let i = 0; i < step.length; i++) step[i] = (step[i]! + w[i]!) / 2
      reached = system.linearise(step)
    }
    if (reached > objective) break
    const gain = objective - reached
    objective = reached
    const before = w
    w = step
    step = before
    system.solve(w, next)
    if (gain <= leastGain * objective) break
  }
  return system.takesLast || isThere() ? next : w
}

/** |a − b|² as a share of 1 + |a|². */
function distance({ square, vectors }: System, a: Float64Array, b: Float64Array): number {
  const gap = vectors[3]
  for (let i = 0; i < a.length; i++) gap[i] = a[i]! - b[i]!
  return square(gap) / (1 + square(a))
}
