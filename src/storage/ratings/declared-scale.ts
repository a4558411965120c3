import type { RatingScale } from '../../model/data/rating-scale.ts'
import type { ObjectStore } from '../object-store.ts'
import { damaged } from '../segments/sealed-tensors.ts'
import { putSegment, segmentKey, segmentNames } from '../segments/segment-names.ts'

const folder = 'rating-scales'

/** The scale that was declared last for all ratings of the store; null where none was. */
export async function declaredScaleOf(store: ObjectStore): Promise<RatingScale | null> {
  const name = (await segmentNames(store, folder)).at(-1)
  if (name === undefined) return null
  const key = segmentKey(folder, name)
  const bytes = await store.get(key)
  if (bytes === null) throw damaged(key, 'It is not there any more.')
  return parsed(Buffer.from(bytes).toString('utf8'), key)
}

/**
 * Declares the scale from now on, and gives the name of the declaration; null where it is the
 * declared one already. Ratings outside stay stored, and no training sees them.
 */
export async function declareScale(store: ObjectStore, scale: RatingScale): Promise<string | null> {
  const now = await declaredScaleOf(store)
  if (now !== null && now[0] === scale[0] && now[1] === scale[1]) return null
  return putSegment(store, folder, [Buffer.from(JSON.stringify(scale))])
}

function parsed(text: string, key: string): RatingScale {
  try {
    const scale: unknown = JSON.parse(text)
    if (Array.isArray(scale) && scale.length === 2 && scale.every(Number.isFinite))
      return [scale[0], scale[1]]
  } catch {}
  throw damaged(key, 'It is not a pair of numbers.')
}
