import type { Readable } from 'node:stream'

/**
 * Bytes under keys such as `models/<version>/card.json`. What is put is visible whole or not at
 * all, and stays after a crash. Keys are made by this program, never by a request. Errors are those
 * of `asStoreFault` and, of a bucket, `asMarqueeError`.
 */
export type ObjectStore = {
  /** The bytes under the key to be read in parts, as they are now; null when there are none. */
  open(key: string): Promise<StoredBytes | null>
  /** The bytes under the key, the caller's own, or null when there are none. */
  get(key: string): Promise<Uint8Array | null>
  /** What is known of the key without its bytes; null where there are none. */
  stat(key: string): Promise<StoredFacts | null>
  /** Puts the parts, one after the other, under the key, in place of what was there. */
  put(key: string, parts: Parts): Promise<void>
  /** Like `put`, but leaves what is there: false when the key was taken. */
  putIfAbsent(key: string, parts: Parts): Promise<boolean>
  /** Like `put`, but only in place of something: false when the key was not there any more. */
  putIfPresent(key: string, parts: Parts): Promise<boolean>
  /** The keys that start with the prefix, in order. */
  list(prefix: string): Promise<string[]>
  /** The bytes that are free for more. */
  room(): Promise<number>
  /** Removes the key; nothing happens when it is not there. */
  remove(key: string): Promise<void>
}

/**
 * Bytes, part by part, the same whenever they are gone through; a part stays as it is until the next
 * one is asked for.
 */
export type Parts = Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** When the bytes were put, and a text that is another one once they may be others. */
export type StoredFacts = { readonly changedMs: number; readonly stamp: string }

/** The bytes under one key, to be closed; they stay as they were when another puts new ones. */
export type StoredBytes = {
  readonly size: number
  /** The bytes from `from` up to `to`, fewer where the end comes first. */
  read(from: number, to: number): Promise<Uint8Array>
  /** The same as a stream, which closes all once it has ended or is destroyed. */
  stream(from: number, to: number): Readable
  close(): Promise<void>
}

/** Whether a text is a key: names of letters, digits, dots, hyphens and underscores between slashes. */
export function isKey(text: string): boolean {
  return /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/.test(text)
}

/** The error of a program that asks a store for what is no key. */
export function refuseKey(key: string): RangeError {
  return new RangeError(`not a key of the store: ${JSON.stringify(key)}`)
}

/** Each takes a descriptor or a connection while it lasts, of which a process may have a thousand. */
const mostReads = 64

/** The same reads, of which 64 are under way at most; the others wait in turn. */
export function inTurns<Value>(
  read: (key: string) => Promise<Value>,
  most = mostReads,
): (key: string) => Promise<Value> {
  const waiting: (() => void)[] = []
  let free = most
  return async (key) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await read(key)
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}
