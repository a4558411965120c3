import { type LiveRange, liveRangeOf } from './segment-names.ts'

/** Up to which event of an epoch something goes. */
export type LiveMark = { readonly epoch: string; readonly seq: number }

/** The number of the last event of an epoch up to which the marks go; 0 where none is of it. */
export function seqIn(marks: readonly LiveMark[], epoch: string): number {
  return marks.find((mark) => mark.epoch === epoch)?.seq ?? 0
}

/** Up to which event of each epoch the named segments go, by epoch. */
export function marksOf(names: readonly string[]): LiveMark[] {
  const marks = new Map<string, number>()
  for (const name of names) {
    const range = liveRangeOf(name)
    if (range) marks.set(range.epoch, Math.max(range.to, marks.get(range.epoch) ?? 0))
  }
  return [...marks].map(([epoch, seq]) => ({ epoch, seq })).sort(byEpoch)
}

/** The farther mark of each epoch. */
export function laterMarks(some: readonly LiveMark[], others: readonly LiveMark[]): LiveMark[] {
  const epochs = new Set([...some, ...others].map(({ epoch }) => epoch))
  return [...epochs]
    .map((epoch) => ({ epoch, seq: Math.max(seqIn(some, epoch), seqIn(others, epoch)) }))
    .sort(byEpoch)
}

/** Whether the events of a range are all, in part or not at all within the marks. */
export function withinMarks({ epoch, from, to }: LiveRange, marks: readonly LiveMark[]) {
  const seq = seqIn(marks, epoch)
  if (to <= seq) return 'all'
  return from <= seq ? 'part' : 'none'
}

function byEpoch(a: LiveMark, b: LiveMark): number {
  return a.epoch < b.epoch ? -1 : 1
}
