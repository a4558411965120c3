import { createHash, randomBytes } from 'node:crypto'
import type { ObjectStore, Parts } from '../object-store.ts'

/** The folder of the store that holds the segments of one kind. */
export type SegmentFolder = 'ratings' | 'movies' | 'users' | 'rating-scales'

/**
 * Milliseconds since 1970 in 13 digits, so that names in order are imports in order, and something
 * at random; where live events were folded, the number of the last one, their epoch and the number
 * of the first one instead.
 */
const namePattern = /^(\d{13})-([0-9a-f]{16})(?:-live-([0-9a-z]+)-(\d+))?$/

/** The live events that a segment was folded from: these numbers of an epoch, both ends included. */
export type LiveRange = { readonly epoch: string; readonly from: number; readonly to: number }

/** The key of a named segment in the store. */
export function segmentKey(folder: SegmentFolder, name: string): string {
  return `${folder}/${name}.segment`
}

/** The name of the segment at a key. */
export function segmentName(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1).replace(/\.segment$/, '')
}

/** When a segment was stored, in seconds since 1970, by its key. */
export function storedAt(key: string): number {
  return Math.floor(timeOfName(segmentName(key)) / 1_000)
}

/** The time that a name begins with, in milliseconds since 1970. */
export function timeOfName(name: string): number {
  return Number(namePattern.exec(name)?.[1])
}

/** The live events that a segment was folded from; null for an import. */
export function liveRangeOf(name: string): LiveRange | null {
  const [, , to, epoch, from] = namePattern.exec(name) ?? []
  return epoch === undefined ? null : { epoch, from: Number(from), to: Number(to) }
}

/**
 * The names of the segments, in order of import; without those whose events another one has, which
 * was put together of them.
 */
export async function segmentNames(store: ObjectStore, folder: SegmentFolder): Promise<string[]> {
  const names = await storedNames(store, folder)
  const superseded = supersededNames(names)
  return superseded.size === 0 ? names : names.filter((name) => !superseded.has(name))
}

/** The names of all segments, in order of import. */
export async function storedNames(store: ObjectStore, folder: SegmentFolder): Promise<string[]> {
  const keys = await store.list(`${folder}/`)
  return keys.map(segmentName).filter((name) => namePattern.test(name))
}

/** Those whose live events another of the segments has, too. */
export function supersededNames(names: readonly string[]): Set<string> {
  const live = names.flatMap((name) => {
    const range = liveRangeOf(name)
    return range === null ? [] : [{ name, range }]
  })
  // Of an epoch in order of the first number, of these the widest first: whoever ends no later
  // than one before is within it.
  live.sort(
    ({ range: a }, { range: b }) =>
      (a.epoch === b.epoch ? 0 : a.epoch < b.epoch ? -1 : 1) || a.from - b.from || b.to - a.to,
  )
  const superseded = new Set<string>()
  let reached = { epoch: '', to: 0 }
  for (const { name, range } of live)
    if (range.epoch === reached.epoch && range.to <= reached.to) superseded.add(name)
    else reached = range
  return superseded
}

/**
 * Stores the parts as the newest segment and gives its name. Two at once, also in two processes,
 * get two names; a clock that was set back does not put a later import before an earlier one.
 */
export async function putSegment(
  store: ObjectStore,
  folder: SegmentFolder,
  parts: Parts,
): Promise<string> {
  for (;;) {
    const newest = (await segmentNames(store, folder)).at(-1)?.slice(0, 13) ?? '0'
    const time = Math.max(Date.now(), Number(newest) + 1)
    const name = `${String(time).padStart(13, '0')}-${randomBytes(8).toString('hex')}`
    if (await store.putIfAbsent(segmentKey(folder, name), parts)) return name
  }
}

/**
 * Stores what was folded from live events, the last of them told at that time; the same events get
 * the same name, so that nothing happens where they are stored already.
 */
export async function putLiveSegment(
  store: ObjectStore,
  folder: SegmentFolder,
  range: LiveRange,
  toldMs: number,
  parts: Parts,
): Promise<string> {
  const name = liveNameOf(range, toldMs)
  await store.putIfAbsent(segmentKey(folder, name), parts)
  return name
}

/** The name of a segment of these events, the last of them told at that time. */
export function liveNameOf({ epoch, from, to }: LiveRange, toldMs: number): string {
  const time = String(toldMs).padStart(13, '0')
  return `${time}-${String(to).padStart(16, '0')}-live-${epoch}-${from}`
}

/** A short name for exactly these segments in this order; "empty" when there are none. */
export function versionOf(names: readonly string[]): string {
  if (names.length === 0) return 'empty'
  return createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 16)
}
