import { isDamage, MarqueeError } from '../../errors.ts'
import { headerEnd } from '../../model/file/safetensors.ts'
import type { ModelRegistry } from '../model-registry.ts'
import type { ObjectStore, StoredBytes } from '../object-store.ts'
import { reasonOf } from '../segments/load-segments.ts'
import { damaged, sealOf } from '../segments/sealed-tensors.ts'
import { type SegmentFolder, segmentKey } from '../segments/segment-names.ts'
import { segmentDamage } from './check-segments.ts'

/** Reading more at once would hold up answers. */
const mostDecoded = 1_048_576
const partBytes = 262_144

/** Why a segment is damaged, of a large one by its checksum alone; null where it is whole, or gone. */
export async function quickSegmentDamage(
  store: ObjectStore,
  folder: SegmentFolder,
  name: string,
): Promise<string | null> {
  const key = segmentKey(folder, name)
  const file = await store.open(key)
  if (file === null) return null
  try {
    if (file.size <= mostDecoded) return await segmentDamage(store, folder, name)
    await verifySeal(file, key)
    return null
  } catch (error) {
    return reasonOf(error)
  } finally {
    await file.close()
  }
}

async function verifySeal(file: StoredBytes, key: string): Promise<void> {
  const end = headerEnd(await file.read(0, 8))
  const seal = sealOf(await file.read(0, end), key)
  for (let from = end; from < file.size; from += partBytes)
    seal.hash.update(await file.read(from, from + partBytes))
  if (seal.hash.digest('hex') !== seal.sha256)
    throw damaged(key, 'Its checksum does not match: bytes were changed after it was written.')
}

/** Why a model, or its report, is damaged, by their hashes; null where they are whole. */
export async function quickModelDamage(
  registry: ModelRegistry,
  version: string,
): Promise<string | null> {
  try {
    const card = await registry.find(version)
    if (card === null) return null
    await (await registry.openTensors(card)).close()
    await registry.report(version).catch((error: unknown) => {
      if (!(error instanceof MarqueeError && error.code === 'not-found')) throw error
    })
    return null
  } catch (error) {
    if (isDamage(error)) return error.message
    throw error
  }
}
