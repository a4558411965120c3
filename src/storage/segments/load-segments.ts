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

/** A segment that cannot be read, by its key in the store, and why. */
export type Damage = { readonly key: string; readonly reason: string }

/** The segments of a folder in order of import: what is made of each that is whole. */
export type Loaded<T> = {
  readonly segments: T[]
  /** The version and names of all of them, damaged ones too. */
  readonly version: string
  readonly names: readonly string[]
  /** Those that are left out. */
  readonly damaged: readonly Damage[]
}

/** Every segment of a folder, or those that are wanted; a damaged one is left out and named. */
export async function loadSegments<T>(
  store: ObjectStore,
  folder: SegmentFolder,
  decode: (bytes: Uint8Array, key: string) => T | Promise<T>,
  isWanted: (name: string) => boolean = () => true,
): Promise<Loaded<T>> {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const names = (await segmentNames(store, folder)).filter(isWanted)
    const loaded = await loadAll(store, folder, names, decode)
    if (loaded !== null) return { ...loaded, version: versionOf(names), names }
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
): Promise<Pick<Loaded<T>, 'segments' | 'damaged'> | null> {
  const segments = new Map<string, T>()
  const damaged: Damage[] = []
  for (const name of inReadingOrder(names)) {
    const key = segmentKey(folder, name)
    try {
      const bytes = await store.get(key)
      if (bytes === null) return null
      segments.set(name, await decode(bytes, key))
    } catch (error) {
      damaged.push({ key, reason: reasonOf(error) })
    }
  }
  const whole = names.filter((name) => segments.has(name))
  return { segments: whole.map((name) => segments.get(name)!), damaged }
}

/** Why a segment is damaged; any other error is thrown again. */
export function reasonOf(error: unknown): string {
  if (error instanceof MarqueeError && error.code === 'damaged-segment') return error.message
  throw error
}

/**
 * Live ones, the last first, then imports: an erasure takes what tells it out of live ones after all
 * that it hides. So whoever reads meanwhile has one of both: it is told, or all is gone.
 */
function inReadingOrder(names: readonly string[]): string[] {
  const isImport = (name: string) => liveRangeOf(name) === null
  return [...names.filter((name) => !isImport(name)).reverse(), ...names.filter(isImport)]
}
