import type { RatingScale } from '../../model/data/rating-scale.ts'
import type { ObjectStore } from '../object-store.ts'
import { openSealed, sealJson } from '../sealed-json.ts'
import { reasonOf } from '../segments/load-segments.ts'
import { damaged } from '../segments/sealed-tensors.ts'
import { putSegment, segmentKey, segmentNames } from '../segments/segment-names.ts'

const folder = 'rating-scales'

/** The scale that was declared last for all ratings of the store; null where none was. */
export async function declaredScaleOf(store: ObjectStore): Promise<RatingScale | null> {
  const names = await segmentNames(store, folder)
  for (const name of names.reverse())
    try {
      const key = segmentKey(folder, name)
      const bytes = await store.get(key)
      if (bytes !== null) return decodeScale(bytes, key)
    } catch (error) {
      // As of any segment that is damaged: what was declared before it counts.
      reasonOf(error)
    }
  return null
}

/**
 * Declares the scale from now on, and gives the name of the declaration; null where it is the
 * declared one already. Ratings outside stay stored, and no training sees them.
 */
export async function declareScale(store: ObjectStore, scale: RatingScale): Promise<string | null> {
  const now = await declaredScaleOf(store)
  if (now !== null && now[0] === scale[0] && now[1] === scale[1]) return null
  return putSegment(store, folder, [sealJson({ scale })])
}

/** The scale of a declaration: of earlier releases a bare pair, without a checksum. */
export function decodeScale(bytes: Uint8Array, key: string): RatingScale {
  try {
    const value = openSealed(bytes, () => true)
    const scale: unknown = Array.isArray(value) ? value : (value as { scale?: unknown }).scale
    if (Array.isArray(scale) && scale.length === 2 && scale.every(Number.isFinite))
      return [scale[0], scale[1]]
  } catch (error) {
    throw damaged(key, 'It is not what was declared.', error)
  }
  throw damaged(key, 'It is not a pair of numbers.')
}
