import { createHash, randomBytes } from 'node:crypto'
import type { ObjectStore } from '../object-store.ts'

/** The folder of the store that holds the segments of one kind. */
export type SegmentFolder = 'ratings' | 'movies' | 'users' | 'rating-scales'

/** Milliseconds since 1970 in 13 digits, so that names in order are imports in order. */
const namePattern = /^(\d{13})-[0-9a-f]{16}$/

/** The key of a named segment in the store. */
export function segmentKey(folder: SegmentFolder, name: string): string {
  return `${folder}/${name}.segment`
}

/** When a segment was stored, in seconds since 1970, by its key. */
export function storedAt(key: string): number {
  return Math.floor(storedAtMs(key) / 1_000)
}

/** The same in milliseconds. */
export function storedAtMs(key: string): number {
  const name = key.slice(key.lastIndexOf('/') + 1).replace(/\.segment$/, '')
  return Number(namePattern.exec(name)?.[1])
}

/** The names of the segments, in order of import. */
export async function segmentNames(store: ObjectStore, folder: SegmentFolder): Promise<string[]> {
  const keys = await store.list(`${folder}/`)
  return keys
    .map((key) => key.slice(folder.length + 1).replace(/\.segment$/, ''))
    .filter((name) => namePattern.test(name))
}

/**
 * Stores the parts as the newest segment and gives its name. Two at once, also in two processes,
 * get two names; a clock that was set back does not put a later import before an earlier one.
 */
export async function putSegment(
  store: ObjectStore,
  folder: SegmentFolder,
  parts: readonly Uint8Array[],
): Promise<string> {
  for (;;) {
    const newest = (await segmentNames(store, folder)).at(-1)?.slice(0, 13) ?? '0'
    const time = Math.max(Date.now(), Number(newest) + 1)
    const name = `${String(time).padStart(13, '0')}-${randomBytes(8).toString('hex')}`
    if (await store.putIfAbsent(segmentKey(folder, name), parts)) return name
  }
}

/** A short name for exactly these segments in this order; "empty" when there are none. */
export function versionOf(names: readonly string[]): string {
  if (names.length === 0) return 'empty'
  return createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 16)
}
