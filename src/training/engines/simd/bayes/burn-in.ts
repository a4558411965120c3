import type { BayesSpec } from '../../../../model/spec/training-spec.ts'

/** A burn-in lasts so many times the sweeps asked for, where the chain has not settled before. */
const mostTimes = 4
/** The change of the mean squared error between two windows that counts as none. */
const tolerance = 0.05

/** The sweeps that a burn-in may last. */
export function mostBurnIn({ burnIn }: Pick<BayesSpec, 'burnIn'>): number {
  return mostTimes * burnIn
}

/**
 * Whether a chain has left its start, by the training errors of its sweeps so far (never by rows held
 * out): the means over the third quarter of the sweeps and over the last differ by less than a
 * twentieth (after Geweke, "Evaluating the accuracy of sampling-based approaches to the calculation of
 * posterior moments", 1992, who compares an early window with a late one).
 */
export function isSettled(errors: ArrayLike<number>): boolean {
  const { length } = errors
  const [half, threeQuarters] = [Math.floor(length / 2), Math.floor((3 * length) / 4)]
  const earlier = meanOf(errors, half, threeQuarters)
  const late = meanOf(errors, threeQuarters, length)
  return Math.abs(earlier - late) <= tolerance * late
}

function meanOf(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0
  for (let i = from; i < to; i++) sum += values[i]!
  return sum / (to - from)
}

/** The burn-ins of all chains, one after the other; `table` is state that is saved. */
export type BurnIn = {
  /** What the next sweep is, of the chain that is under way or of the one that begins. */
  next(): { readonly chain: number; readonly isFirst: boolean; readonly isAveraged: boolean }
  /** Told the training error of the sweep that has been. */
  learn(mse: number): void
  /** Sweeps in all, as far as is known. */
  planned(): number
  /** Of the chain that took longest; `settled` says whether all did, null without a burn-in. */
  summary(): { readonly burnIn: number; readonly settled: boolean | null }
}

/** Numbers that a table takes: chain, sweep, burn-in of it, longest, extra, unsettled; errors. */
export function burnInNumbers(spec: Pick<BayesSpec, 'burnIn'>): number {
  return head + mostBurnIn(spec)
}
const head = 6
const [chainAt, sweepAt, burnedAt, longestAt, extraAt, unsettledAt] = [0, 1, 2, 3, 4, 5]

/** A burn-in over its table, whose zeros are a beginning. */
export function createBurnIn(
  spec: Pick<BayesSpec, 'burnIn' | 'sweeps' | 'chains'>,
  table: Float64Array,
): BurnIn {
  const get = (at: number) => table[at]!
  const isBurning = () => get(burnedAt) === 0 && spec.burnIn > 0
  function end(sweeps: number, settled: boolean): void {
    table[burnedAt] = sweeps
    table[longestAt] = Math.max(get(longestAt), sweeps)
    table[unsettledAt]! += Number(!settled)
  }
  return {
    next: () => ({
      chain: get(chainAt),
      isFirst: get(sweepAt) === 0,
      isAveraged: !isBurning(),
    }),
    learn(mse) {
      const sweep = get(sweepAt) + 1
      table[sweepAt] = sweep
      if (isBurning()) {
        table[head + sweep - 1] = mse
        if (sweep > spec.burnIn) table[extraAt]! += 1
        const settled = sweep >= spec.burnIn && isSettled(table.subarray(head, head + sweep))
        if (settled || sweep === mostBurnIn(spec)) end(sweep, settled)
      } else if (sweep === get(burnedAt) + spec.sweeps) {
        table[chainAt]! += 1
        table[sweepAt] = 0
        table[burnedAt] = 0
      }
    },
    planned: () => spec.chains * (spec.burnIn + spec.sweeps) + get(extraAt),
    summary: () => ({
      burnIn: get(longestAt),
      settled: spec.burnIn > 0 ? get(unsettledAt) === 0 : null,
    }),
  }
}
