import type { LivePosition } from '../../live/live-event.ts'

/** Up to where each of several data go, in the epochs that all of them know. */
export function commonPositions(of: readonly (readonly LivePosition[])[]): LivePosition[] {
  const [first = [], ...others] = of
  return first.flatMap(({ epoch, seq }) => {
    const seqs = others.map((positions) => positions.find((one) => one.epoch === epoch)?.seq)
    return seqs.includes(undefined) ? [] : [{ epoch, seq: Math.min(seq, ...(seqs as number[])) }]
  })
}
