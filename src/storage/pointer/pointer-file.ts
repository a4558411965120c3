import { z } from 'zod'
import { versionPattern } from '../../model/card.ts'
import { holdSchema, modelChangeSchema } from '../../model/promotion.ts'
import type { ObjectStore } from '../object-store.ts'
import { openSealed, sealJson } from '../sealed-json.ts'
import { isStoreFault } from '../store-fault.ts'

const version = z.string().regex(versionPattern)
const pointerSchema = z.object({
  version,
  earlier: z.array(version),
  /** The newest first; pointers of earlier releases have none. */
  history: z.array(modelChangeSchema).default([]),
  held: holdSchema.nullable().default(null),
})
/** Which version serves, which served before, how that came about, and whether it is to stay. */
export type Pointer = z.infer<typeof pointerSchema>

/**
 * The pointer of a store, by revisions:
 *
 *   pointer/<revision>.json   a revision, created once: whoever creates it has moved the pointer. The
 *                             newest three stay
 *   models/current.json       the newest, for people, earlier releases and where those are damaged;
 *                             of an earlier release it has no revision and counts
 */
const folder = 'pointer/'
const currentKey = 'models/current.json'
const keyOf = (revision: number) => `${folder}${String(revision).padStart(16, '0')}.json`
const revisionsKept = 3

/** A pointer as it was read. */
export type PointerState = {
  /** Null before the first model, and where nothing can be read any more. */
  readonly pointer: Pointer | null
  /** The next one is a greater number. */
  readonly revision: number
  /** What cannot be read, in sentences. */
  readonly damage: readonly string[]
  /** Whether `models/current.json` is of an earlier release: then nothing else counts until it is replaced. */
  readonly isUnnumbered: boolean
}

/** Reads the newest pointer that is whole. */
export async function readPointer(store: ObjectStore): Promise<PointerState> {
  const revisions = await revisionsOf(store)
  const damage: string[] = []
  const read = async (key: string) => {
    const bytes = await store.get(key)
    if (bytes === null) return null
    try {
      return parsed(bytes)
    } catch {
      damage.push(`The pointer to the model that serves, ${key}, cannot be read.`)
      return null
    }
  }
  const current = await read(currentKey)
  const newest = Math.max(0, current?.revision ?? 0, ...revisions)
  if (current && current.revision === null)
    return { pointer: current.pointer, revision: newest, damage, isUnnumbered: true }
  for (const revision of revisions) {
    if (current && current.revision! >= revision) break
    const found = await read(keyOf(revision))
    if (found) return { pointer: found.pointer, revision: newest, damage, isUnnumbered: false }
  }
  const pointer = current?.pointer ?? null
  return { pointer, revision: newest, damage, isUnnumbered: false }
}

/** Puts a pointer in place of the one that was read; false where another has come meanwhile. */
export async function swapPointer(
  store: ObjectStore,
  before: PointerState,
  pointer: Pointer,
): Promise<boolean> {
  const revision = before.revision + 1
  const [key, bytes] = [keyOf(revision), sealJson({ ...pointerSchema.parse(pointer), revision })]
  const isFirst = await store.putIfAbsent(key, [bytes]).catch(async (fault: unknown) => {
    // Of a fault that came after it nobody is told: who asked would move the pointer twice.
    if (isStoreFault(fault) && (await hasBytes(store, key, bytes))) return true
    throw fault
  })
  if (!isFirst) return false
  let isStale = false
  try {
    const revisions = await revisionsOf(store)
    // Its number was free because it is so old that it was removed.
    if (revisions[0]! >= revision + revisionsKept) {
      isStale = true
      await store.remove(key)
    } else await tidy(store, revision, revisions, [bytes])
  } catch (error) {
    // What cannot be tidied up now is by whoever moves it next.
    if (!isStoreFault(error) || before.isUnnumbered) throw error
  }
  return !isStale
}

async function hasBytes(store: ObjectStore, key: string, bytes: Uint8Array): Promise<boolean> {
  const found = await store.get(key).catch(() => null)
  return found !== null && Buffer.compare(found, bytes) === 0
}

async function tidy(
  store: ObjectStore,
  revision: number,
  revisions: readonly number[],
  bytes: readonly Uint8Array[],
): Promise<void> {
  // Who moved the pointer on from this one meanwhile writes what is newest.
  if (revisions[0] === revision) await store.put(currentKey, bytes)
  for (const old of revisions.slice(revisionsKept)) await store.remove(keyOf(old))
}

/** Newest first. */
async function revisionsOf(store: ObjectStore): Promise<number[]> {
  const keys = await store.list(folder)
  return keys.flatMap((key) => Number(/^pointer\/(\d{16})\.json$/.exec(key)?.[1]) || []).reverse()
}

function parsed(bytes: Uint8Array): { pointer: Pointer; revision: number | null } {
  const value = openSealed(bytes, (one) => 'revision' in one)
  const { revision = null } = z.object({ revision: z.int().min(1).optional() }).parse(value)
  return { pointer: pointerSchema.parse(value), revision }
}
