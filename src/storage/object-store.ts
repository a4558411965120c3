/**
 * Bytes under keys such as `models/<version>/card.json`. What is put is visible whole or not at
 * all, and stays after a crash. Keys are made by this program, never by a request.
 */
export type ObjectStore = {
  /** The bytes under the key, the caller's own, or null when there are none. */
  get(key: string): Promise<Uint8Array | null>
  /** Puts the parts, one after the other, under the key, in place of what was there. */
  put(key: string, parts: readonly Uint8Array[]): Promise<void>
  /** Like `put`, but leaves what is there: false when the key was taken. */
  putIfAbsent(key: string, parts: readonly Uint8Array[]): Promise<boolean>
  /** The keys that start with the prefix, in order. */
  list(prefix: string): Promise<string[]>
  /** Removes the key; nothing happens when it is not there. */
  remove(key: string): Promise<void>
}
