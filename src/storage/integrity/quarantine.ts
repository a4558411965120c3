import type { ObjectStore } from '../object-store.ts'

/** Where damaged files are kept for whoever wants to look at them: nothing else reads them there. */
export const quarantineFolder = 'quarantine/'

/** Moves a file into the quarantine, under the key that it had. */
export async function quarantine(store: ObjectStore, key: string): Promise<void> {
  await copyToQuarantine(store, key)
  await store.remove(key)
}

/** Leaves the file where it is, too: for what another is put in place of. */
export async function copyToQuarantine(store: ObjectStore, key: string): Promise<void> {
  const bytes = await store.get(key)
  if (bytes) await store.put(quarantineFolder + key, [bytes])
}

/** The keys that files had before they were moved there. */
export async function quarantined(store: ObjectStore): Promise<string[]> {
  const keys = await store.list(quarantineFolder)
  return keys.map((key) => key.slice(quarantineFolder.length))
}
