/** The BullMQ queue that trainings go through; its keys are `<prefix>:training:…`. */
export const queueName = 'training'

/** Limits of finished jobs that are kept: their age in seconds, and how many. */
export const keepFinished = { age: 30 * 24 * 3_600, count: 1_000 }

/** Expiry of all that is kept beside a BullMQ job: it outlives the job by a day. */
export const expirySeconds = keepFinished.age + 24 * 3_600

/** Names of what this project keeps in Redis about one job. */
export type JobKeys = {
  /** Number of the newest attempt: the fencing token. */
  readonly attempt: string
  /**
   * The token of the worker whose attempt was let through to publication: as long as it has the job
   * nobody can cancel.
   */
  readonly publishing: string
  /** When an admin cancelled it, ISO 8601. */
  readonly cancelled: string
  /** Stream of what happened in the present attempt. */
  readonly events: string
  /** What its worker told last of how far it is. */
  readonly progress: string
  /**
   * Hash of what each part has done, since when (milliseconds), and which share of the job all of
   * them are.
   */
  readonly parts: string
  /** There while the attempt waits for its parts. */
  readonly waits: string
  /** List of a tuning's finished trials, of all attempts. */
  readonly trials: string
  /** Up to which live events its data go, in all its attempts. */
  readonly live: string
  /** The epoch of the newest checkpoint that any attempt has kept. */
  readonly reached: string
  /** BullMQ's own: the hash of the job. */
  readonly job: string
  /** BullMQ's own: the token of the worker that has the job. */
  readonly lock: string
}

/** The keys of one job. */
export function jobKeys(prefix: string, id: string): JobKeys {
  const key = (part: string) => `${prefix}:job:${id}:${part}`
  const job = `${prefix}:${queueName}:${id}`
  return {
    attempt: key('attempt'),
    publishing: key('publishing'),
    cancelled: key('cancelled'),
    events: key('events'),
    progress: key('progress'),
    parts: key('parts'),
    waits: key('waits'),
    trials: key('trials'),
    live: key('live'),
    reached: key('reached'),
    job,
    lock: `${job}:lock`,
  }
}
