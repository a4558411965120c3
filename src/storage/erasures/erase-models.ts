import { MarqueeError } from '../../errors.ts'
import type { ModelCard } from '../../model/card.ts'
import { decodeModel, encodeModel } from '../../model/file/model-file.ts'
import { decodeTensors } from '../../model/file/safetensors.ts'
import type { Model } from '../../model/model.ts'
import { withoutUsers } from '../../model/without-users.ts'
import type { ModelRegistry } from '../model-registry.ts'
import type { ObjectStore } from '../object-store.ts'
import { type LiveMark, seqIn } from '../segments/live-marks.ts'
import { isOf, listReceipts, type Receipt } from './receipts.ts'

/** The model without the users whose erasure its data, which go up to the marks, do not know. */
export async function withoutErasedUsers(
  store: ObjectStore,
  model: Model,
  marks: readonly LiveMark[],
): Promise<Model> {
  const missed = (await listReceipts(store)).filter((receipt) => !covers(marks, receipt))
  if (missed.length === 0) return model
  return withoutUsers(model, (userId) => missed.some((receipt) => isOf(receipt, userId)))
}

/**
 * Takes the user of an erasure out of every kept model that has not been trained since, and removes
 * damaged models and what killed publications have left, so nobody may be publishing. Cut off, it
 * can begin anew: first the bytes of each model are written, then its card, then the pointer moves,
 * then the old bytes go.
 */
export async function eraseFromModels(
  store: ObjectStore,
  registry: ModelRegistry,
  receipt: Receipt,
): Promise<void> {
  const kept = new Map<string, ModelCard | null>()
  for (const version of await versionsOf(store))
    kept.set(version, await erasedFrom(registry, version, receipt).catch(damagedIsNull))
  await registry.renew()
  for (const [version, card] of kept)
    for (const key of await store.list(`models/${version}/`))
      if (card === null || !filesOf(card).includes(key.slice(key.lastIndexOf('/') + 1)))
        await store.remove(key)
}

/** The card of a model that has the user no more; null where there is no such model. */
async function erasedFrom(
  registry: ModelRegistry,
  version: string,
  receipt: Receipt,
): Promise<ModelCard | null> {
  const card = await registry.find(version)
  if (card === null || covers(card.data.live ?? [], receipt)) return card
  const bytes = await registry.tensors(card)
  const model = decodeModel(bytes)
  const erased = withoutUsers(model, (userId) => isOf(receipt, userId))
  if (erased === model) return card
  await registry.rewrite(version, encodeModel(erased, decodeTensors(bytes).metadata))
  return registry.find(version)
}

function filesOf({ tensors: { file } }: ModelCard): string[] {
  return ['card.json', file, file.replace(/^model(.*)\.safetensors$/, 'report$1.json')]
}

/** Whether data up to the marks know of the erasure: who has the id there is somebody new. */
function covers(marks: readonly LiveMark[], { position: { epoch, seq } }: Receipt): boolean {
  return seqIn(marks, epoch) >= seq
}

async function versionsOf(store: ObjectStore): Promise<string[]> {
  const keys = await store.list('models/')
  const folders = keys.flatMap((key) => /^models\/([^/]+)\//.exec(key)?.[1] ?? [])
  return [...new Set(folders)]
}

function damagedIsNull(error: unknown): null {
  if (error instanceof MarqueeError) return null
  throw error
}
