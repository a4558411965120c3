import type { Attributes } from '../../model/data/attributes.ts'
import type { ObjectStore } from '../object-store.ts'
import { type Damage, loadSegments } from '../segments/load-segments.ts'
import { segmentNames, versionOf } from '../segments/segment-names.ts'
import { decodeUsers } from './users-segment.ts'

/** All stored users, each as last imported, values as they were; none, and "empty", before. */
export async function loadUsers(
  store: ObjectStore,
): Promise<{ users: Attributes; version: string; damaged: readonly Damage[] }> {
  const { segments, version, damaged } = await loadSegments(store, 'users', decodeUsers)
  return { users: new Map(segments.flatMap((segment) => [...segment])), version, damaged }
}

/** The version that `loadUsers` would give, without reading a user. */
export async function userVersionOf(store: ObjectStore): Promise<string> {
  return versionOf(await segmentNames(store, 'users'))
}
