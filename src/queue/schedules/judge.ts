import type { ModelCard } from '../../model/card.ts'
import { ratingsSince } from '../../storage/imports/ratings-since.ts'
import { countImports } from '../../storage/imports/stored-imports.ts'
import type { ModelRegistry } from '../../storage/model-registry.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { type LiveMark, laterMarks, marksOf } from '../../storage/segments/live-marks.ts'
import { segmentNames } from '../../storage/segments/segment-names.ts'
import { materialVersionOf } from '../../storage/training-material.ts'
import type { Run, Schedule } from './schedule.ts'

/** What a schedule is judged by. */
export type Facts = {
  readonly store: ObjectStore
  readonly registry: Pick<ModelRegistry, 'current' | 'list'>
  /** Up to which live event Redis goes. */
  readonly told: readonly LiveMark[]
  /** The job of the schedule's last training, null before the first. */
  readonly lastJob: string | null
  /** Milliseconds since 1970. */
  readonly now: number
}

export type Verdict = Pick<Run, 'outcome' | 'reason' | 'detail'> & {
  /** The imports and live events that it rests on. */
  readonly dataVersion: string
}

/**
 * Whether a training is due: enough new ratings, or too old a model. New is what came after the data
 * of the model that serves, or of the schedule's last training where that is newer: one that was
 * refused, or rolled back, would be trained again at every tick.
 */
export async function judge(schedule: Schedule, facts: Facts): Promise<Verdict> {
  const { store, told } = facts
  const dataVersion = await materialVersionOf(store, told)
  const verdict = (outcome: Run['outcome'], reason: Run['reason'], detail: string) => {
    return { outcome, reason, detail, dataVersion }
  }
  if (dataVersion === 'empty') return verdict('skipped', 'no-ratings', 'There are no ratings yet.')
  const model = await comparedModel(facts)
  if (!model) return verdict('queued', 'no-model', 'No model serves yet.')

  const since = ratingsSince(
    model.data,
    await countImports(store),
    laterMarks(marksOf(await segmentNames(store, 'ratings')), told),
  )
  const { minNewRatings, maxModelAgeSeconds } = schedule
  const fresh = since.ratings + since.live
  const count = `${fresh} new ratings since the data of model ${model.version}`
  if (fresh >= minNewRatings)
    return verdict('queued', 'new-ratings', `${count}, at least ${minNewRatings} were wanted.`)
  const age = Math.floor((facts.now - Date.parse(model.createdAt)) / 1_000)
  if (maxModelAgeSeconds === null)
    return verdict('skipped', 'too-few-ratings', `${count}, ${minNewRatings} are wanted.`)
  const isOld = age >= maxModelAgeSeconds
  const ages = `it is ${age} seconds old, at most ${maxModelAgeSeconds} are wanted`
  return isOld
    ? verdict('queued', 'model-age', `${count}; ${ages}.`)
    : verdict('skipped', 'too-few-ratings', `${count}, ${minNewRatings} are wanted; ${ages}.`)
}

/** The newer one of the model that serves and that of the schedule's last training. */
async function comparedModel({ registry, lastJob }: Facts): Promise<ModelCard | undefined> {
  const serving = await registry.current()
  // Newest first; a card that cannot be read is no model.
  const cards = await registry.list()
  if (!cards.some(({ version }) => version === serving)) return undefined
  return cards.find(
    ({ version, jobId }) => version === serving || (jobId !== null && jobId === lastJob),
  )
}
