import { MarqueeError } from '../../errors.ts'
import type { ObjectStore } from '../object-store.ts'
import {
  liveRangeOf,
  type SegmentFolder,
  segmentKey,
  segmentNames,
  versionOf,
} from './segment-names.ts'

const maxAttempts = 5

/**
 * Every segment of a folder in order of import, or those that are wanted, and the version and names
 * of exactly these.
 */
export async function loadSegments<T>(
  store: ObjectStore,
  folder: SegmentFolder,
  decode: (bytes: Uint8Array, key: string) => T | Promise<T>,
  isWanted: (name: string) => boolean = () => true,
): Promise<{ segments: T[]; version: string; names: readonly string[] }> {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const names = (await segmentNames(store, folder)).filter(isWanted)
    const segments = await loadAll(store, folder, names, decode)
    if (segments !== null) return { segments, version: versionOf(names), names }
  }
  throw new MarqueeError(
    'internal',
    `The segments of ${folder} changed during each of ${maxAttempts} attempts to read them.`,
  )
}

/** Null when a segment went away after it was listed: it was put together with others. */
async function loadAll<T>(
  store: ObjectStore,
  folder: SegmentFolder,
  names: readonly string[],
  decode: (bytes: Uint8Array, key: string) => T | Promise<T>,
): Promise<T[] | null> {
  const segments = new Map<string, T>()
  for (const name of inReadingOrder(names)) {
    const key = segmentKey(folder, name)
    const bytes = await store.get(key)
    if (bytes === null) return null
    segments.set(name, await decode(bytes, key))
  }
  return names.map((name) => segments.get(name)!)
}

/**
 * Live ones, the last first, then imports: an erasure takes what tells it out of live ones after all
 * that it hides. So whoever reads meanwhile has one of both: it is told, or all is gone.
 */
function inReadingOrder(names: readonly string[]): string[] {
  const isImport = (name: string) => liveRangeOf(name) === null
  return [...names.filter((name) => !isImport(name)).reverse(), ...names.filter(isImport)]
}
