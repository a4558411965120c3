import { MarqueeError } from '../errors.ts'
import { createFileStore } from './file-store.ts'
import type { ObjectStore } from './object-store.ts'
import { createS3Client } from './s3/s3-client.ts'
import { type S3Environment, s3Credentials } from './s3/s3-credentials.ts'
import { asOurs } from './s3/s3-fault.ts'
import { isS3, s3LocationOf } from './s3/s3-location.ts'
import { probeConditions } from './s3/s3-probe.ts'
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
 * Finds out whether a bucket can be used, see `probeConditions`: an error with a sentence where it cannot.
 * One that takes no writes can be read: then the sentence is what is given, else null.
 */
export async function probeStore(settings: StoreSettings): Promise<string | null> {
  const { location, environment } = settings
  if (folderOf(settings) !== null) return null
  const ask = createS3Client(s3LocationOf(location), s3Credentials(environment))
  try {
    await asOurs(true, probeConditions(ask))
    return null
  } catch (error) {
    if (error instanceof MarqueeError && error.code === 'store-read-only') return error.message
    throw error
  }
}
