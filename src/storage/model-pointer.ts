import { z } from 'zod'
import { MarqueeError } from '../errors.ts'
import { type ModelCard, versionPattern } from '../model/card.ts'
import { holdSchema, type ModelChange, modelChangeSchema } from '../model/promotion.ts'
import type { ObjectStore } from './object-store.ts'
import { readJson } from './read-json.ts'

const version = z.string().regex(versionPattern)
const pointerSchema = z.object({
  version,
  earlier: z.array(version),
  /** The newest first; pointers of earlier releases have none. */
  history: z.array(modelChangeSchema).default([]),
  held: holdSchema.nullable().default(null),
})
/** Which version serves, which served before, how that came about, and whether it is to stay. */
export type Pointer = z.infer<typeof pointerSchema>

/** The pointer of a store to the model that serves, and all that moves it. */
export type ModelPointer = {
  /** Null before the first model. */
  read(): Promise<Pointer | null>
  /**
   * By hand: points at a published version, and at that one until the next hand where it is older
   * than what serves; else that is over. `by` is the key that asked for it.
   */
  promote(version: string, by?: string | null): Promise<void>
  /** After a training: points at a version that has not served before, unless a hand forbids it. */
  promoteTrained(version: string, by: string | null): Promise<void>
  /** By hand: returns to the version before, which stays until the next hand. */
  rollback(by?: string | null): Promise<string>
  /** The version that `rollback` would return to; a `no-earlier-model` error when there is none. */
  rollbackTarget(): Promise<string>
}

const pointerKey = 'models/current.json'
const maxEarlier = 20
const maxHistory = 50

/**
 * The pointer of a store whose cards are found by `find`; a damaged one is none to `findReadable`, so
 * that it does not stand in the way of another model.
 */
export function createModelPointer(
  store: ObjectStore,
  find: (version: string) => Promise<ModelCard | null>,
  findReadable: typeof find,
): ModelPointer {
  const read = async () => {
    const bytes = await store.get(pointerKey)
    return bytes && readJson(bytes, pointerSchema, 'the pointer to the model that serves')
  }
  const move = (now: Pointer | null, earlier: string[], change: Change, isHeld: boolean) => {
    const at = new Date().toISOString()
    const next: Pointer = {
      version: change.version,
      earlier: earlier.slice(0, maxEarlier),
      history: [{ ...change, at }, ...(now?.history ?? [])].slice(0, maxHistory),
      held: isHeld ? { at, by: change.by } : null,
    }
    return store.put(pointerKey, [Buffer.from(JSON.stringify(next))])
  }
  /** The newest of the versions that served before and is still kept, and those before it. */
  const previous = async (now: Pointer | null) => {
    const earlier = now?.earlier ?? []
    for (const [i, version] of earlier.entries())
      if (await findReadable(version)) return { version, earlier: earlier.slice(i + 1) }
    throw new MarqueeError('no-earlier-model', 'No model served before this one and is still kept.')
  }

  return {
    read,
    async promote(version, by = null) {
      const card = await find(version)
      if (!card) throw new MarqueeError('unknown-model', `There is no model "${version}".`)
      const now = await read()
      if (now?.version === version) {
        if (now.held) await move(now, now.earlier, { version, how: 'promoted', by }, false)
        return
      }
      const serving = now && (await findReadable(now.version))
      const isReturn = serving !== null && card.createdAt < serving.createdAt
      await move(now, before(now), { version, how: 'promoted', by }, isReturn)
    },
    async promoteTrained(version, by) {
      const now = await read()
      // A version that has served was published whole, and an admin may have moved on from it.
      const hasServed = now && [now, ...now.history].some((change) => change.version === version)
      if (hasServed || now?.earlier.includes(version)) return
      if (now?.held && (await findReadable(now.version))) return
      await move(now, before(now), { version, how: 'trained', by }, false)
    },
    async rollback(by = null) {
      const now = await read()
      const { version, earlier } = await previous(now)
      await move(now, earlier, { version, how: 'rolled-back', by }, true)
      return version
    },
    async rollbackTarget() {
      return (await previous(await read())).version
    },
  }
}

type Change = Omit<ModelChange, 'at'>

function before(now: Pointer | null): string[] {
  return now ? [now.version, ...now.earlier] : []
}
