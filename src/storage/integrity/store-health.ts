import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { MarqueeError } from '../../errors.ts'
import type { ModelRegistry } from '../model-registry.ts'
import type { ObjectStore } from '../object-store.ts'
import { readPointer } from '../pointer/pointer-file.ts'
import { segmentKey, segmentNames } from '../segments/segment-names.ts'
import { keysByVersion } from './check-models.ts'
import { segmentFolders } from './check-segments.ts'
import { quickModelDamage, quickSegmentDamage } from './quick-checks.ts'
import { createStoreProbe, within } from './store-probe.ts'

/** What is known of a store that somebody has to look at. */
export type StoreHealth = {
  /** A sentence for each segment, model or pointer that is damaged, by its key, as last looked. */
  damage(): ReadonlyMap<string, string>
  /** Why the store takes no writes now, `out-of-space` or `store-read-only`; null where it does. */
  fault(): Promise<MarqueeError | null>
  /** Looks at what is new or has changed since the last look. */
  look(): Promise<void>
  close(): Promise<void>
}

export type StoreHealthOptions = {
  readonly store: ObjectStore
  readonly registry: ModelRegistry
  readonly pollMs: number
  readonly logger: Logger
  /** With less room, in bytes, the store counts as full. */
  readonly leastRoom?: number
}

/** It closes within so long, be the store silent. */
const silentMs = 2_000
/** Of its time a server looks at most this share. */
const share = 20

/**
 * Watches a store: what has not changed is not read again, and a look that takes long comes more rarely.
 * The first look is under way when it resolves.
 */
export function watchStore(options: StoreHealthOptions): StoreHealth {
  const { store, registry, pollMs, logger, leastRoom = 67_108_864 } = options
  const known = new Map<string, { stamp: string; damage: string | null }>()
  let damage: ReadonlyMap<string, string> = new Map()
  const closing = new AbortController()

  /**
   * What a check says of some keys, made anew only where one of them has changed or could not be read.
   */
  const checked = async (key: string, parts: string[], check: () => Promise<string | null>) => {
    const facts = await Promise.all(parts.map((part) => store.stat(part)))
    const stamp = facts.map((one) => one?.stamp ?? '').join()
    const before = known.get(key)
    if (before?.stamp === stamp) return before.damage
    let found: string | null
    try {
      found = await check()
    } catch (err) {
      logger.error({ err, key }, 'Something in the store cannot be looked at.')
      return before?.damage ?? null
    }
    known.set(key, { stamp, damage: found })
    if (found !== null) logger.error({ key, reason: found }, 'Something in the store is damaged.')
    return found
  }
  const lookOnce = async () => {
    const found = new Map<string, string>()
    const gone = new Set(known.keys())
    for (const folder of segmentFolders)
      for (const name of await segmentNames(store, folder)) {
        const key = segmentKey(folder, name)
        const check = () => quickSegmentDamage(store, folder, name)
        gone.delete(key)
        const reason = await checked(key, [key], check)
        if (reason !== null) found.set(key, reason)
        if (closing.signal.aborted) return
      }
    for (const [version, files] of await keysByVersion(store)) {
      const card = `models/${version}/card.json`
      if (!files.includes(card)) continue
      gone.delete(card)
      const reason = await checked(card, files, () => quickModelDamage(registry, version))
      if (reason !== null) found.set(card, reason)
    }
    for (const reason of (await readPointer(store)).damage) found.set(reason, reason)
    for (const key of gone) known.delete(key)
    damage = found
  }
  let looking: Promise<void> = Promise.resolve()
  const look = () => {
    looking = looking.then(lookOnce).catch((err: unknown) => {
      logger.error({ err }, 'The store cannot be looked at.')
    })
    return looking
  }
  const poll = async () => {
    while (!closing.signal.aborted) {
      const begun = performance.now()
      await look()
      const pauseMs = Math.max(pollMs, share * (performance.now() - begun))
      await sleep(pauseMs, undefined, { ref: false, signal: closing.signal }).catch(() => {})
    }
  }
  const polling = poll()

  return {
    damage: () => damage,
    look,
    fault: createStoreProbe(store, leastRoom),
    async close() {
      closing.abort()
      await within(silentMs, Promise.all([polling, looking]), null)
    },
  }
}
