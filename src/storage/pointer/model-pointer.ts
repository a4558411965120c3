import { MarqueeError } from '../../errors.ts'
import { isPublishedBefore, type ModelCard } from '../../model/card.ts'
import type { ModelChange } from '../../model/promotion.ts'
import type { ObjectStore } from '../object-store.ts'
import { type Pointer, type PointerState, readPointer, swapPointer } from './pointer-file.ts'

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
  /** Writes it anew where it cannot be read. */
  rewrite(): Promise<void>
  /** The version that `rollback` would return to; a `no-earlier-model` error when there is none. */
  rollbackTarget(): Promise<string>
}

const maxEarlier = 20
const maxHistory = 50

/** Cards as a pointer needs them. */
export type Cards = {
  find(version: string): Promise<ModelCard | null>
  /** A damaged one is none, so that it does not stand in the way of another model. */
  findReadable(version: string): Promise<ModelCard | null>
  /** All that can be read, newest first. */
  list(): Promise<ModelCard[]>
}

/**
 * The pointer of a store with these cards. Where it cannot be read it is what the cards say: the model
 * that was published last, of those that were to serve. Whoever moves it then writes it anew.
 */
export function createModelPointer(store: ObjectStore, cards: Cards): ModelPointer {
  const { find, findReadable } = cards
  const load = async (): Promise<PointerState> => {
    const state = await readPointer(store)
    if (state.pointer !== null || state.damage.length === 0) return state
    return { ...state, pointer: pointerFrom(await cards.list()) }
  }
  const read = async () => (await load()).pointer

  /** Moves it to what is decided of what it is, again where somebody else was quicker. */
  const move = async (decide: (now: Pointer | null) => Promise<Pointer | null>): Promise<void> => {
    for (;;) {
      const state = await load()
      const next = (await decide(state.pointer)) ?? (state.damage.length > 0 ? state.pointer : null)
      if (next === null || (await swapPointer(store, state, next))) return
    }
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
    rewrite: () => move(async () => null),
    async promote(version, by = null) {
      const card = await find(version)
      if (!card) throw new MarqueeError('unknown-model', `There is no model "${version}".`)
      const change = { version, how: 'promoted', by } as const
      await move(async (now) => {
        if (now?.version === version)
          return now.held ? moved(now, now.earlier, change, false) : null
        const serving = now && (await findReadable(now.version))
        const isReturn = serving !== null && isPublishedBefore(card, serving)
        return moved(now, before(now), change, isReturn)
      })
    },
    promoteTrained: (version, by) =>
      move(async (now) => {
        // A version that has served was published whole, and an admin may have moved on from it.
        const hasServed = now && [now, ...now.history].some((change) => change.version === version)
        if (hasServed || now?.earlier.includes(version)) return null
        if (now?.held && (await findReadable(now.version))) return null
        return moved(now, before(now), { version, how: 'trained', by }, false)
      }),
    async rollback(by = null) {
      let target = ''
      await move(async (now) => {
        const { version, earlier } = await previous(now)
        target = version
        return moved(now, earlier, { version, how: 'rolled-back', by }, true)
      })
      return target
    },
    async rollbackTarget() {
      return (await previous(await read())).version
    },
  }
}

type Change = Omit<ModelChange, 'at'>

function moved(
  now: Pointer | null,
  earlier: readonly string[],
  change: Change,
  isHeld: boolean,
): Pointer {
  const at = new Date().toISOString()
  return {
    version: change.version,
    earlier: earlier.slice(0, maxEarlier),
    history: [{ ...change, at }, ...(now?.history ?? [])].slice(0, maxHistory),
    held: isHeld ? { at, by: change.by } : null,
  }
}

function before(now: Pointer | null): string[] {
  return now ? [now.version, ...now.earlier] : []
}

/** What cards, newest first, say of what serves; null without any that was to serve. */
function pointerFrom(cards: readonly ModelCard[]): Pointer | null {
  const [first, ...rest] = cards.filter(({ promotion }) => promotion?.promoted !== false)
  if (!first) return null
  const earlier = rest.map(({ version }) => version).slice(0, maxEarlier)
  return { version: first.version, earlier, history: [], held: null }
}
