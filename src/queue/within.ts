import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves when the promise settles or the time is over. */
export async function within(timeMs: number, settled: Promise<unknown>): Promise<void> {
  const stop = new AbortController()
  const time = sleep(timeMs, undefined, { signal: stop.signal }).catch(() => {})
  await Promise.race([settled.catch(() => {}), time]).finally(() => stop.abort())
}
