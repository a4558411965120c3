import { MarqueeError } from '../../errors.ts'
import { folderOf, probeStore, type StoreSettings } from '../../storage/open-store.ts'

/** Whether the store can be used, and why not. */
export type StoreReport = {
  readonly kind: 'folder' | 'bucket'
  readonly isUsable: boolean
  readonly reason: string | null
}

/** Tries a bucket; a folder is made where there is none, and a server says how it is. */
export async function probeStoreOf(settings: StoreSettings): Promise<StoreReport> {
  try {
    const kind = folderOf(settings) === null ? 'bucket' : 'folder'
    const reason = await probeStore(settings)
    return { kind, isUsable: reason === null, reason }
  } catch (error) {
    if (!(error instanceof MarqueeError)) throw error
    return { kind: 'bucket', isUsable: false, reason: error.message }
  }
}

/** The report as lines for people. */
export function describeStore({ kind, isUsable, reason }: StoreReport): string {
  const what = kind === 'bucket' ? 'a bucket that keeps the conditions of writes' : 'a folder'
  return `Store:\n  ${isUsable ? `ready: ${what}` : `not usable: ${reason}`}`
}
