import { randomBytes } from 'node:crypto'
import type { LivePosition } from '../../live/live-event.ts'
import { timeOfName } from '../../storage/segments/segment-names.ts'
import type { TableEntry } from './live-table.ts'

/** Imports stand among the events as an epoch of their own, numbered by when they were stored. */
const importsEpoch = 'imports'

/** Where the import of a name stands. */
export function importPosition(name: string): LivePosition {
  return { epoch: importsEpoch, seq: timeOfName(name) }
}

/** Stands for imports that are on their way, as none did before. */
export function newLabel(): string {
  return randomBytes(6).toString('hex')
}

export function isImport({ epoch }: LivePosition): boolean {
  return epoch === importsEpoch
}

/** When the import at a position was stored, in seconds since 1970. */
export function storedIn({ seq }: LivePosition): number {
  return Math.floor(seq / 1_000)
}

/**
 * Whether a rating that is given counts rather than the one that is known, in whatever order the
 * two come to be known, as when ratings are loaded (`inOrderOfArrival`, `mergeRatings`): the later
 * one counts, a live one being as late as it was told; of equal ones, and where one has no time,
 * the one that arrived later.
 */
export function countsBefore(
  given: Pick<TableEntry, 'since' | 'told'>,
  known: Pick<TableEntry, 'since' | 'told'>,
): boolean {
  if (hasArrivedAfter(given, known)) return (given.since || known.since) >= known.since
  return (known.since || given.since) < given.since
}

function hasArrivedAfter(
  given: Pick<TableEntry, 'since' | 'told'>,
  known: Pick<TableEntry, 'since' | 'told'>,
): boolean {
  if (isImport(given.told) && isImport(known.told)) return given.told.seq >= known.told.seq
  if (isImport(given.told)) return storedIn(given.told) > known.since
  if (isImport(known.told)) return storedIn(known.told) <= given.since
  return true
}
