import { LRUCache } from 'lru-cache'

/**
 * Texts of answers by what they rest on and were asked for; what was not asked for longest goes
 * first.
 */
export type ResponseCache = {
  get(key: string): string | undefined
  set(key: string, text: string): void
  clear(): void
}

/** Keeps up to so many bytes, text and key of two bytes a character; none with 0. */
export function createResponseCache(bytes: number): ResponseCache {
  if (bytes < 1) return { get: () => undefined, set: () => {}, clear: () => {} }
  return new LRUCache<string, string>({
    maxSize: bytes,
    sizeCalculation: (text, key) => 2 * (text.length + key.length),
  })
}
