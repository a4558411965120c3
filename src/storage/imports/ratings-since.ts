import { type LiveMark, seqIn } from '../segments/live-marks.ts'
import type { ImportCount } from './stored-imports.ts'

/** Up to where the data of a model go. */
export type DataEnd = {
  readonly live?: readonly LiveMark[] | undefined
  readonly newestImport?: string | undefined
}

/** What came after the data of a model: imports of ratings, their lines, and live events. */
export function ratingsSince(
  { live = [], newestImport = '' }: DataEnd,
  imports: readonly ImportCount[],
  marks: readonly LiveMark[],
): { imports: number; ratings: number; live: number } {
  return {
    ...summed(imports.filter(({ id }) => id > newestImport)),
    live: eventsAfter(marks, live),
  }
}

/** How many imports they are, and their lines; those of a damaged one do not count. */
export function summed(imports: readonly ImportCount[]): { imports: number; ratings: number } {
  return {
    imports: imports.length,
    ratings: imports.reduce((sum, { rows }) => sum + (rows ?? 0), 0),
  }
}

/** The live events that some marks have and others do not. */
export function eventsAfter(marks: readonly LiveMark[], before: readonly LiveMark[]): number {
  return marks.reduce((sum, { epoch, seq }) => sum + Math.max(0, seq - seqIn(before, epoch)), 0)
}
