import {
  type BetaPrior,
  chanceInterval,
  logEvidence,
  type Outcomes,
} from '../../numeric/statistics/binomial-sequence.ts'
import type { ArmTally, Tally } from './experiment.ts'

/** The interval of the lift holds at all times together with this probability. */
export const level = 0.95
const alpha = 1 - level
/** Arms that are out of proportion by chance once in so many experiments are called unbalanced. */
const unbalancedOnceIn = 1_000
/**
 * As sure as 400 conversions are, so that a lift of some 10 % is expected beforehand. Others are found
 * too, only later than they could be; equal models are called different as rarely as ever.
 */
const priorWeight = 400

/** What an experiment shows so far. */
export type Comparison = {
  /** By what part the treatment's users convert more often: 0.1 is 10 %. Null before there are any. */
  readonly lift: number | null
  /** Where the lift lies; an end is null where nothing bounds it. */
  readonly interval: { readonly lowest: number; readonly highest: number | null }
  /** The chance that equal models ever look as different as they do. */
  readonly pValue: number
  readonly decision: Decision
}

export const decisions = ['no-difference-shown', 'control', 'treatment', 'unbalanced'] as const
export type Decision = (typeof decisions)[number]

/**
 * Compares the arms. It may be looked at any time, as often as one likes, and an experiment be ended
 * for what it shows.
 *
 * Users are in the treatment by independent tosses with chance `share`. If the models are equal, so
 * are the users that converted, in the order of their first conversions, whoever they are and however
 * the time of day or the number of their ratings counts: each is of the treatment with chance
 * `share`. That is what is tested, see `logEvidence`; a user counts once. Under a lift of l the
 * chance is share (1 + l) / (1 + share l), so an interval of one is an interval of the other (as long
 * as few enough have converted that they leave about as many behind in either arm).
 */
export function compareArms(tally: Tally, share: number): Comparison {
  const converted = outcomesOf(tally, 'converted')
  const liftOf = (chance: number) => ((chance / (1 - chance)) * (1 - share)) / share - 1
  const [lowest, highest] = chanceInterval(converted, alpha, priorOf(share))
  const { failures } = converted
  return {
    lift: failures === 0 ? null : rateOf(tally.treatment) / rateOf(tally.control) - 1,
    interval: { lowest: liftOf(lowest), highest: highest === 1 ? null : liftOf(highest) },
    pValue: Math.min(1, Math.exp(-logEvidence(converted, share, priorOf(share)))),
    decision: decisionOf(tally, share),
  }
}

/**
 * The arm that is shown to be better. The users that were shown something are such tosses too, which
 * an experiment that works does not refute.
 */
export function decisionOf(tally: Tally, share: number): Decision {
  const evidence = (field: 'users' | 'converted') =>
    logEvidence(outcomesOf(tally, field), share, priorOf(share))
  if (evidence('users') >= Math.log(unbalancedOnceIn)) return 'unbalanced'
  if (evidence('converted') < -Math.log(alpha)) return 'no-difference-shown'
  const { successes, failures } = outcomesOf(tally, 'converted')
  return successes / (successes + failures) > share ? 'treatment' : 'control'
}

function outcomesOf({ control, treatment }: Tally, field: 'users' | 'converted'): Outcomes {
  return { successes: treatment[field], failures: control[field] }
}

/** Of an arm with users. */
function rateOf({ converted, users }: ArmTally): number {
  return users === 0 ? 0 : converted / users
}

function priorOf(share: number): BetaPrior {
  return { a: priorWeight * share, b: priorWeight * (1 - share) }
}
