import type { Attributes } from '../../model/data/attributes.ts'
import type { ImportReport } from '../import-report.ts'
import type { ObjectStore } from '../object-store.ts'
import type { Reading } from '../readers/read-records.ts'
import { notesOf } from '../segments/import-record.ts'
import { putSegment } from '../segments/segment-names.ts'
import type { ArchiveLimits } from '../zip/archive-limits.ts'
import { unpacked } from '../zip/unpacked.ts'
import { readUsers } from './read-users.ts'
import { decodeUsers, encodeUsers } from './users-segment.ts'

/** Reads a file of users and stores what it could take; nothing when the file fails midway. */
export async function importUsers(
  store: ObjectStore,
  body: AsyncIterable<Uint8Array>,
  { key = null, limits = {} }: { key?: string | null; limits?: Partial<ArchiveLimits> } = {},
): Promise<ImportReport> {
  return storeUsers(store, await unpacked(body, 'users', readUsers, limits), key)
}

/** Stores users that were read, as one segment; of their attributes the report says nothing. */
export async function storeUsers(
  store: ObjectStore,
  read: Reading & { readonly users: Attributes },
  key: string | null,
): Promise<ImportReport> {
  const { users, ...reading } = read
  const parts = encodeUsers(users, notesOf(reading, key))
  // As it will be read: what cannot be decoded is not stored.
  decodeUsers(new Uint8Array(Buffer.concat(parts)), 'users/new')
  return { ...reading, segment: await putSegment(store, 'users', parts) }
}
