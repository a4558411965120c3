import { z } from 'zod'

/** A tick's decision, and what a request to run at once was answered with, in a word. */
const reasons = [
  'new-ratings',
  'model-age',
  'no-model',
  'asked',
  'too-few-ratings',
  'no-ratings',
  'unfinished-job',
  'identical-job',
  'invalid-training',
  'fault',
] as const

export const runSchema = z
  .object({
    dueAt: z.iso.datetime().describe('The tick, or when somebody asked.'),
    ranAt: z.iso
      .datetime()
      .describe('When a worker saw to it: later than `dueAt` where none was there.'),
    by: z.enum(['schedule', 'request']),
    outcome: z.enum(['queued', 'skipped']).describe('Whether it queued a training job.'),
    reason: z
      .enum(reasons)
      .describe(
        'Why it was queued: `new-ratings`, `model-age`, `no-model` or `asked`; or else skipped: `too-few-ratings` (and the model not too old), `no-ratings` at all, `unfinished-job` of this schedule, `identical-job` of somebody else, `invalid-training` (this release does not take it) or `fault`.',
      ),
    detail: z.string(),
    job: z.string().nullable().describe('The job that it queued, or that was in its way.'),
  })
  .meta({ id: 'ScheduleRun' })
export type Run = z.infer<typeof runSchema>

/** When a schedule ticks: at the times of a cron expression, or every so many seconds. */
export type Times =
  | { readonly cron: string; readonly timeZone: string }
  | { readonly intervalSeconds: number }

/** What a schedule is to do, as it was put. */
export type Schedule = Times & {
  /** New ratings without which a tick does nothing, unless the model is too old. */
  readonly minNewRatings: number
  /** A model of this age is trained anew whatever has come; null for no limit. */
  readonly maxModelAgeSeconds: number | null
  /** What to train, as it was given: a request for a job. */
  readonly training: Readonly<Record<string, unknown>>
}

/** A schedule as it is kept with BullMQ's scheduler, and comes with each of its ticks. */
export type KeptSchedule = {
  readonly name: string
  /** Drawn when it is made: one of the same name that is made later is another one. */
  readonly id: string
  readonly createdAt: string
  readonly changedAt: string
  readonly schedule: Schedule
}

/** A schedule with what came of it. */
export type ScheduleState = KeptSchedule & {
  /** When it ticks next; past where no worker has been there. Null only while it is being put. */
  readonly nextTick: string | null
  /** The newest 20, newest first. */
  readonly runs: readonly Run[]
}
