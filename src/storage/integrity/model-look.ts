import { isDamage, MarqueeError } from '../../errors.ts'
import type { ModelCard } from '../../model/card.ts'
import { decodeModel } from '../../model/file/model-file.ts'
import { jsonOf } from '../model-files.ts'
import type { ModelRegistry } from '../model-registry.ts'
import type { ObjectStore } from '../object-store.ts'
import { verifyTensors } from '../verify-tensors.ts'

/** What a look at a model found, all of it by the same bytes of its card. */
export type ModelLook = {
  readonly stored: StoredCard
  /** Null where there is none, or where the model is damaged. */
  readonly card: ModelCard | null
  /** Why the model cannot serve; null where it can, or where there is none. */
  readonly damage: string | null
  /** Why the report of its training cannot be read, be it that there is none. */
  readonly reportDamage: string | null
  /** Whether the vectors that trainings may start from are not those of the card. */
  readonly isStartLost: boolean
}

/** Looks at a model, again where an erasure or a publication has changed its card meanwhile. */
export async function lookAtModel(
  store: ObjectStore,
  registry: ModelRegistry,
  version: string,
): Promise<ModelLook> {
  for (;;) {
    const stored = await storedCard(store, version)
    const look = await lookOnce(registry, version)
    if (await stored.isSame()) return { stored, ...look }
  }
}

async function lookOnce(
  registry: ModelRegistry,
  version: string,
): Promise<Omit<ModelLook, 'stored'>> {
  const nothing = { card: null, damage: null, reportDamage: null, isStartLost: false }
  try {
    const card = await registry.find(version)
    if (card === null) return nothing
    const bytes = await registry.tensors(card)
    verifyTensors(card, bytes)
    decodeModel(bytes)
    const reportDamage = await damageOfReport(registry, version)
    const isStartLost = card.start !== undefined && (await registry.start(card)) === null
    return { card, damage: null, reportDamage, isStartLost }
  } catch (error) {
    if (isDamage(error)) return { ...nothing, damage: error.message }
    throw error
  }
}

async function damageOfReport(registry: ModelRegistry, version: string): Promise<string | null> {
  try {
    await registry.report(version)
    return null
  } catch (error) {
    // Where the model was pruned meanwhile, all is looked at again.
    const isMissing =
      error instanceof MarqueeError && ['not-found', 'unknown-model'].includes(error.code)
    if (isMissing || isDamage(error)) return error.message
    throw error
  }
}

/** The bytes of a card as they were read. */
export type StoredCard = {
  isSame(): Promise<boolean>
  /** Puts another card in their place; false where others have come meanwhile. */
  replace(card: ModelCard): Promise<boolean>
}

async function storedCard(store: ObjectStore, version: string): Promise<StoredCard> {
  const key = `models/${version}/card.json`
  let seen = await store.get(key)
  const isSame = async () => {
    const now = await store.get(key)
    return now && seen ? Buffer.compare(now, seen) === 0 : now === seen
  }
  return {
    isSame,
    async replace(card) {
      const bytes = jsonOf(card)
      if (!(await isSame()) || !(await store.putIfPresent(key, [bytes]))) return false
      seen = bytes
      return true
    },
  }
}
