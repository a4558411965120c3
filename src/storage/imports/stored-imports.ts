import { MarqueeError } from '../../errors.ts'
import { decodeHeader, headerEnd } from '../../model/file/safetensors.ts'
import { quarantined, quarantineFolder } from '../integrity/quarantine.ts'
import type { ObjectStore } from '../object-store.ts'
import { type ImportRecord, recordIn } from '../segments/import-record.ts'
import {
  liveRangeOf,
  segmentKey,
  segmentName,
  segmentNames,
  timeOfName,
} from '../segments/segment-names.ts'

/** The folders of what is imported, with the tensor whose first dimension counts the rows. */
const countedBy = { ratings: 'rating', movies: 'year', users: 'ids.offsets' } as const
const kinds = ['ratings', 'movies', 'users'] as const
export type ImportKind = (typeof kinds)[number]

/** An import as it is in the store: a segment and what is known of where it came from. */
export type StoredImport = {
  /** The name of its segment. */
  readonly id: string
  readonly kind: ImportKind
  readonly importedAt: Date
  /** Ratings, movies or users in it; null where its segment is damaged. */
  readonly rows: number | null
  /** Why it is left out, where it is known to be damaged; null where it counts. */
  readonly damage: string | null
  /** Null where a release before records stored it. */
  readonly record: ImportRecord | null
}

/** At most `limit` imports, newest first, those before the import `before` where it is given. */
export async function listImports(
  store: ObjectStore,
  { limit, before }: { limit: number; before?: string | undefined },
  damage: Damaged = new Map(),
): Promise<{ imports: StoredImport[]; hasMore: boolean }> {
  const named = (await namesOf(store))
    .filter(({ name }) => before === undefined || name < before)
    .sort((a, b) => (a.name < b.name ? 1 : -1))
  const found = await Promise.all(named.slice(0, limit).map((one) => read(store, one, damage)))
  return { imports: found.filter((one) => one !== null), hasMore: named.length > limit }
}

/** The import, or an `unknown-import` error. */
export async function findImport(
  store: ObjectStore,
  id: string,
  damage: Damaged = new Map(),
): Promise<StoredImport> {
  const named = (await namesOf(store)).find(({ name }) => name === id)
  const found = named && (await read(store, named, damage))
  if (found) return found
  throw new MarqueeError('unknown-import', `There is no import ${JSON.stringify(id)}.`)
}

/** An import of ratings and how many it has. */
export type ImportCount = Pick<StoredImport, 'id' | 'rows'>

/** All imports of ratings, oldest first. */
export async function countImports(store: ObjectStore): Promise<ImportCount[]> {
  const named = (await namesOf(store)).filter(({ kind }) => kind === 'ratings')
  const there = named.filter(({ isAside }) => !isAside)
  const found = await Promise.all(there.map((one) => read(store, one, new Map())))
  return found.flatMap((one) => (one ? [{ id: one.id, rows: one.rows }] : []))
}

/**
 * Takes an import back, and the scale that was declared with it: what counted before it counts
 * again. Gives what it was, or an `unknown-import` error.
 */
export async function undoImport(store: ObjectStore, id: string): Promise<StoredImport> {
  const found = await findImport(store, id)
  // The segment goes last: cut off in between, the import is still there to be taken back.
  if (found.record?.scale) await store.remove(segmentKey('rating-scales', found.record.scale))
  await store.remove(segmentKey(found.kind, id))
  await store.remove(quarantineFolder + segmentKey(found.kind, id))
  return found
}

/** Why segments are damaged, by their keys. */
type Damaged = ReadonlyMap<string, string>

type Named = {
  readonly kind: ImportKind
  readonly name: string
  /** Whether it is in the quarantine. */
  readonly isAside: boolean
}

async function namesOf(store: ObjectStore): Promise<Named[]> {
  const aside = await quarantined(store)
  const names = await Promise.all(
    kinds.map(async (kind) =>
      [
        ...(await segmentNames(store, kind)).map((name) => ({ kind, name, isAside: false })),
        ...aside
          .filter((key) => key.startsWith(`${kind}/`))
          .map((key) => ({ kind, name: segmentName(key), isAside: true })),
      ].filter(({ name }) => liveRangeOf(name) === null),
    ),
  )
  return names.flat()
}

/** Null when it has gone meanwhile. */
async function read(
  store: ObjectStore,
  { kind, name, isAside }: Named,
  damaged: Damaged,
): Promise<StoredImport | null> {
  const importedAt = new Date(timeOfName(name))
  const key = segmentKey(kind, name)
  const header = await headerOf(store, isAside ? quarantineFolder + key : key)
  if (header === null) return null
  const size = header.shapes.get(countedBy[kind])?.[0]
  const rows = size === undefined ? null : kind === 'users' ? size - 1 : size
  const moved = isAside ? `The segment ${key} is damaged and was moved to quarantine/.` : null
  const damage = moved ?? damaged.get(key) ?? null
  return { id: name, kind, importedAt, rows, damage, record: recordIn(header.metadata) }
}

/** The header of a tensor file without its rows; empty where it is damaged, null where none is. */
export async function headerOf(
  store: ObjectStore,
  key: string,
): Promise<ReturnType<typeof decodeHeader> | null> {
  const file = await store.open(key)
  if (file === null) return null
  try {
    return decodeHeader(await file.read(0, headerEnd(await file.read(0, 8))))
  } catch (error) {
    if (error instanceof MarqueeError) return { metadata: {}, shapes: new Map() }
    throw error
  } finally {
    await file.close()
  }
}
