import { randomUUID } from 'node:crypto'
import { MarqueeError } from '../errors.ts'
import { createFileStore } from './file-store.ts'
import type { ObjectStore } from './object-store.ts'
import { type S3Environment, s3Credentials } from './s3/s3-credentials.ts'
import { isS3, s3LocationOf } from './s3/s3-location.ts'
import { createS3Store } from './s3/s3-store.ts'

/** Where a store is: a folder, or `s3://bucket/prefix?endpoint=…&region=…` with its credentials. */
export type StoreSettings = { readonly location: string; readonly environment: S3Environment }

/** A store in a folder. */
export function inFolder(location: string): StoreSettings {
  return { location, environment: {} }
}

/** The folder of a store in files; null where it is a bucket. */
export function folderOf({ location }: StoreSettings): string | null {
  return isS3(location) ? null : location
}

/** The store of the settings; an `invalid-request` error where they name none. Nothing is asked yet. */
export function createStore({ location, environment }: StoreSettings): ObjectStore {
  if (!isS3(location)) return createFileStore(location)
  return createS3Store(s3LocationOf(location), s3Credentials(environment))
}

/**
 * Finds out whether a bucket can be read and written and keeps the conditions of writes, without which
 * two processes that publish at once could lose one's; an error with a sentence where it does not.
 */
export async function probeStore(settings: StoreSettings): Promise<void> {
  if (folderOf(settings) !== null) return
  const store = createStore(settings)
  const key = `probe/${randomUUID()}`
  const put = (text: string) => store.putIfAbsent(key, [Buffer.from(text)])
  try {
    const answers = [await put('first'), await put('second')]
    const kept = Buffer.from((await store.get(key)) ?? []).toString()
    if (answers[0] && !answers[1] && kept === 'first') return
  } finally {
    await store.remove(key).catch(() => {})
  }
  throw new MarqueeError(
    'invalid-request',
    'MARQUEE_STORE: the S3 server overwrites what was to be put only where nothing is (If-None-Match: *); take one that keeps this condition, as Amazon, Cloudflare R2, MinIO and Ceph do.',
  )
}
