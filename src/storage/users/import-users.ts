import type { Attributes } from '../../model/data/attributes.ts'
import type { ImportReport } from '../import-report.ts'
import type { ObjectStore } from '../object-store.ts'
import type { Reading } from '../readers/read-records.ts'
import { notesOf } from '../segments/import-record.ts'
import { unpacked } from '../zip/unpacked.ts'
import { readUsers } from './read-users.ts'
import { putUsers } from './users-segment.ts'

/** Reads a file of users and stores what it could take; nothing when the file fails midway. */
export async function importUsers(
  store: ObjectStore,
  body: AsyncIterable<Uint8Array>,
  key: string | null = null,
): Promise<ImportReport> {
  return storeUsers(store, await unpacked(body, 'users', readUsers), key)
}

/** Stores users that were read, as one segment; of their attributes the report says nothing. */
export async function storeUsers(
  store: ObjectStore,
  read: Reading & { readonly users: Attributes },
  key: string | null,
): Promise<ImportReport> {
  const { users, ...reading } = read
  return { ...reading, segment: await putUsers(store, users, notesOf(reading, key)) }
}
