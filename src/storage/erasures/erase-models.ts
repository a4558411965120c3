import { isDamage, MarqueeError } from '../../errors.ts'
import { decodeModel, encodeModel } from '../../model/file/model-file.ts'
import { decodeTensors } from '../../model/file/safetensors.ts'
import type { Model } from '../../model/model.ts'
import { withoutUsers } from '../../model/without-users.ts'
import { filesOf } from '../model-files.ts'
import type { ModelRegistry } from '../model-registry.ts'
import type { ObjectStore } from '../object-store.ts'
import { type LiveMark, seqIn } from '../segments/live-marks.ts'
import { verifyTensors } from '../verify-tensors.ts'
import { isOf, listReceipts, type Receipt } from './receipts.ts'

/** The model without the users whose erasure its data, which go up to the marks, do not know. */
export async function withoutErasedUsers(
  store: ObjectStore,
  model: Model,
  marks: readonly LiveMark[],
): Promise<Model> {
  const isErased = await erasedSince(store, marks)
  return isErased ? withoutUsers(model, isErased) : model
}

/** Whether a user was erased and data up to the marks do not know of it; null where none was. */
export async function erasedSince(
  store: ObjectStore,
  marks: readonly LiveMark[],
): Promise<((userId: string) => boolean) | null> {
  const missed = (await listReceipts(store)).filter((receipt) => !covers(marks, receipt))
  if (missed.length === 0) return null
  return (userId) => missed.some((receipt) => isOf(receipt, userId))
}

/**
 * Takes the user of an erasure out of every kept model that has not been trained since, and removes
 * damaged models and what killed publications have left, but not of a version whose job is active.
 * Nobody else may do so at once. Cut off, it can begin anew: first the bytes of each model are
 * written, then its card, then the renewal, then the old bytes go.
 */
export async function eraseFromModels(
  store: ObjectStore,
  registry: ModelRegistry,
  receipt: Receipt,
  isActive: (version: string) => Promise<boolean>,
): Promise<void> {
  const damaged = new Set<string>()
  const versions = await versionsOf(store)
  for (const version of versions)
    await eraseFrom(registry, version, receipt).catch((error: unknown) => {
      // Pruned meanwhile: there is nothing left of it to take anybody out of.
      if (error instanceof MarqueeError && error.code === 'unknown-model') return
      if (!isDamage(error)) throw error
      damaged.add(version)
    })
  await registry.renew()
  for (const version of versions) {
    // In this order: of a job that ends in between the card is found.
    const keys = await store.list(`models/${version}/`)
    const mayPublish = await isActive(version)
    const card = damaged.has(version) ? null : await registry.find(version)
    if (card === null && mayPublish) continue
    const kept = card === null ? [] : ['card.json', ...filesOf(card)]
    for (const key of keys)
      if (!kept.includes(key.slice(key.lastIndexOf('/') + 1))) await store.remove(key)
  }
}

/** Rewrites a model, where there is one, that has the user. */
async function eraseFrom(
  registry: ModelRegistry,
  version: string,
  receipt: Receipt,
): Promise<void> {
  const card = await registry.find(version)
  if (card === null || covers(card.data.live ?? [], receipt)) return
  const bytes = await registry.tensors(card)
  verifyTensors(card, bytes)
  const tensors = eraseFromFile(bytes, receipt)
  // What the start was fitted to, the model knows.
  if (tensors === null) return
  const start = await registry.start(card)
  await registry.rewrite(version, {
    tensors,
    ...(start && { start: eraseFromFile(start, receipt) ?? [start] }),
  })
}

/** The file of a model without the user; null where it does not know them. */
function eraseFromFile(bytes: Uint8Array, receipt: Receipt): Uint8Array[] | null {
  const model = decodeModel(bytes)
  const erased = withoutUsers(model, (userId) => isOf(receipt, userId))
  if (erased === model) return null
  return encodeModel(erased, decodeTensors(bytes).metadata)
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
