import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { MarqueeError } from '../../../errors.ts'
import type { RatingScale } from '../../../model/data/rating-scale.ts'
import type { Serving } from '../../../serving/serving.ts'
import type { ObjectStore } from '../../../storage/object-store.ts'
import { declaredScaleOf } from '../../../storage/ratings/declared-scale.ts'
import { latestTime } from '../../../storage/ratings/parse-time.ts'
import { idProblem } from '../../../storage/readers/check-id.ts'

/** A scale that another process declared is known here after so long. */
const scaleMs = 1_000
/** Nobody waits longer for the store where a scale is known. */
const patienceMs = 200

export const timestampSchema = z
  .int()
  .min(1)
  .optional()
  .describe('When it was given, in seconds since 1970; now, unless told.')

/** Ratings as they come, before they are checked. */
export type ToldRating = {
  readonly userId: string
  readonly movieId: string
  readonly rating: number
  readonly timestamp?: number | undefined
}

/** The scale that ratings must be on: declared, else of the serving model's visitors; or none. */
export type ScaleSource = () => Promise<RatingScale | null>

/**
 * Looks for a declared scale at most once a second. While the store is slow or away, what was known
 * last holds: a rating that is off a newer scale is left out when it is loaded.
 */
export function scaleSource({
  store,
  serving,
}: {
  store: ObjectStore
  serving: Serving
}): ScaleSource {
  let known: { readonly declared: RatingScale | null } | null = null
  let reading: Promise<void> | null = null
  let readAt = 0
  const read = async () => {
    try {
      known = { declared: await declaredScaleOf(store) }
    } finally {
      reading = null
    }
  }
  return async () => {
    const now = Date.now()
    if (reading === null && now - readAt > scaleMs) {
      readAt = now
      reading = read()
      reading.catch(() => {})
    }
    if (known === null) await (reading ?? read())
    else if (reading !== null && now - readAt < patienceMs)
      await Promise.race([reading.catch(() => {}), sleep(patienceMs)])
    return known!.declared ?? serving.findSnapshot()?.model.visitorScale ?? null
  }
}

/** The member of a rating that cannot be taken, and why; null where it can. */
export function ratingProblem(
  { userId, movieId, rating, timestamp }: ToldRating,
  scale: RatingScale | null,
): { name: keyof ToldRating; detail: string } | null {
  for (const [name, id] of [
    ['userId', userId],
    ['movieId', movieId],
  ] as const) {
    const problem = knownIdProblem(name, id)
    if (problem !== null) return { name, detail: problem }
  }
  if (scale !== null && !(rating >= scale[0] && rating <= scale[1]))
    return {
      name: 'rating',
      detail: `expected a rating from ${scale[0]} to ${scale[1]}, the scale of the ratings`,
    }
  if (!Number.isFinite(Math.fround(rating)))
    return { name: 'rating', detail: 'expected a number that single precision can hold' }
  if (timestamp !== undefined && timestamp > latestTime())
    return { name: 'timestamp', detail: 'expected a time that is not in the future' }
  return null
}

/** Refuses an id in the path that no user or movie can have by an `invalid-request` error. */
export function checkPathId(name: 'userId' | 'movieId', id: string): void {
  const detail = knownIdProblem(name, id)
  if (detail === null) return
  const pointer = `/path/${name}`
  throw new MarqueeError('invalid-request', `${pointer}: ${detail}.`, {
    problems: [{ pointer, detail }],
  })
}

/** Why no user or movie can have the id, as imports judge it; null where one can. */
function knownIdProblem(name: 'userId' | 'movieId', id: string): string | null {
  if (id !== id.trim()) return `${name} begins or ends with a space`
  return idProblem(name, id)
}
