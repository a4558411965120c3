import { logBeta } from './log-beta.ts'

/** How trials that came one by one went. */
export type Outcomes = { readonly successes: number; readonly failures: number }

/** Parameters of a beta distribution, what chances of success are thought likely beforehand. */
export type BetaPrior = { readonly a: number; readonly b: number }

/**
 * The logarithm of the evidence against a chance of success θ, with s successes and f failures:
 *
 *   M(θ) = ∫ x^s (1 − x)^f dBeta(x; a, b) / (θ^s (1 − θ)^f)
 *        = B(a + s, b + f) / B(a, b) / (θ^s (1 − θ)^f)
 *
 * Where θ is the chance of every trial, whatever came before, M is a martingale that begins with 1:
 * the chance that it ever reaches 1/α, at any of the times that one looks, is at most α (Ville).
 * Of Robbins, "Statistical methods related to the law of the iterated logarithm", 1970, as used for
 * counts by Lindon and Malek, "Anytime-valid inference for multinomial count data", 2022.
 */
export function logEvidence(
  { successes, failures }: Outcomes,
  chance: number,
  { a, b }: BetaPrior,
): number {
  const mixture = logBeta(a + successes, b + failures) - logBeta(a, b)
  return mixture - timesLog(successes, chance) - timesLog(failures, 1 - chance)
}

/**
 * The chances of success with less evidence than 1/α against them: a confidence sequence, which
 * holds the true chance at all times together with a probability of at least 1 − α.
 */
export function chanceInterval(
  outcomes: Outcomes,
  alpha: number,
  prior: BetaPrior,
): [lowest: number, highest: number] {
  const { successes, failures } = outcomes
  const trials = successes + failures
  if (trials === 0) return [0, 1]
  const isIn = (chance: number) => logEvidence(outcomes, chance, prior) < -Math.log(alpha)
  // The evidence falls up to the share of successes, where there is none, and rises from it.
  const share = successes / trials
  return [edge(share, 0, isIn), edge(share, 1, isIn)]
}

/** Between a chance inside and an outermost one, the last that is inside. */
function edge(inside: number, outermost: number, isIn: (chance: number) => boolean): number {
  if (isIn(outermost)) return outermost
  let [known, beyond] = [inside, outermost]
  for (let step = 0; step < 60; step++) {
    const middle = (known + beyond) / 2
    if (isIn(middle)) known = middle
    else beyond = middle
  }
  return known
}

/** n ln x, and 0 for n = 0. */
function timesLog(n: number, x: number): number {
  return n === 0 ? 0 : n * Math.log(x)
}
