import { z } from 'zod'
import { askedBy } from '../../../model/spec/batch-spec.ts'
import { jobRequestSchema } from '../../../queue/job-request.ts'
import { runSchema, type Schedule, type ScheduleState } from '../../../queue/schedules/schedule.ts'
import {
  cronProblem,
  isTimeZone,
  leastIntervalSeconds,
  mostIntervalSeconds,
} from '../../../queue/schedules/times.ts'
import { asGiven } from '../../in/as-given.ts'

export const scheduleParams = z.object({
  name: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9._-]{0,63}$/,
      'expected 1 to 64 of a to z, 0 to 9, ".", "_" and "-", a letter or digit first',
    )
    .describe('The name of the schedule.'),
})

const fields = {
  cron: z
    .string()
    .max(200)
    .superRefine((cron, { addIssue }) => {
      const problem = cronProblem(cron)
      if (problem !== null) addIssue({ code: 'custom', message: problem })
    })
    .describe(
      'Minute, hour, day of month, month, day of week, as in `0 3 * * *`; with six fields the second comes first.',
    ),
  timeZone: z
    .string()
    .max(100)
    .refine(isTimeZone, 'expected a time zone of the IANA database, as in Europe/Berlin')
    .describe('Of `cron`, as in `Europe/Berlin`; UTC unless given.'),
  intervalSeconds: z
    .int()
    .min(leastIntervalSeconds)
    .max(mostIntervalSeconds)
    .describe('In place of `cron`: so many seconds between two ticks, from the request on.'),
  minNewRatings: z
    .int()
    .min(0)
    .describe(
      'A tick trains where so many ratings, lines of imports and live events, have come since the data of the model that serves, or of the last training of this schedule where that is newer; 0 trains at every tick.',
    ),
  maxModelAgeSeconds: z
    .int()
    .min(leastIntervalSeconds)
    .nullable()
    .describe('Or where that model is so old, whatever has come; null for no limit.'),
}

export const putScheduleSchema = z
  .strictObject({
    cron: fields.cron.optional(),
    timeZone: fields.timeZone.optional(),
    intervalSeconds: fields.intervalSeconds.optional(),
    minNewRatings: fields.minNewRatings.default(1),
    maxModelAgeSeconds: fields.maxModelAgeSeconds.default(null),
    training: asGiven(jobRequestSchema, 'JobRequest'),
  })
  .refine(
    ({ cron, intervalSeconds }) => (cron === undefined) !== (intervalSeconds === undefined),
    'expected either `cron` or `intervalSeconds`',
  )
  .refine(({ cron, timeZone }) => timeZone === undefined || cron !== undefined, {
    path: ['timeZone'],
    message: 'expected with `cron` only',
  })
  .refine(
    ({ training }) =>
      training['kind'] !== 'recommend-all' ||
      (askedBy(training as never) === null && training['input'] === undefined),
    {
      path: ['training', 'users'],
      message: 'a schedule answers for all users, and names none',
    },
  )
  .meta({ id: 'TrainingScheduleRequest' })

export const scheduleSchema = z
  .object({
    name: z.string(),
    cron: z.string().nullable(),
    timeZone: z.string().nullable(),
    intervalSeconds: z.number().nullable(),
    minNewRatings: z.int(),
    maxModelAgeSeconds: z.int().nullable(),
    training: z.looseObject({}).describe('A JobRequest, as it was given.'),
    createdAt: z.iso.datetime(),
    changedAt: z.iso.datetime(),
    nextTick: z.iso
      .datetime()
      .nullable()
      .describe('Past where no worker has been there: it is run once when one is.'),
    lastTick: runSchema.nullable().describe('The newest run that nobody asked for.'),
    runs: z.array(runSchema).optional().describe('The newest 20, newest first; not in lists.'),
  })
  .meta({ id: 'TrainingSchedule' })

/** The schedule that a body asks for. */
export function scheduleOf(body: z.output<typeof putScheduleSchema>): Schedule {
  const { cron, timeZone = 'UTC', intervalSeconds = 0, ...rest } = body
  return cron === undefined ? { intervalSeconds, ...rest } : { cron, timeZone, ...rest }
}

/** A schedule as its users see it. */
export function viewOf(state: ScheduleState): z.output<typeof scheduleSchema> {
  const { name, createdAt, changedAt, nextTick, runs, schedule } = state
  return {
    name,
    ...{ cron: null, timeZone: null, intervalSeconds: null, ...schedule },
    training: { ...schedule.training },
    ...{ createdAt, changedAt, nextTick },
    lastTick: runs.find(({ by }) => by === 'schedule') ?? null,
    runs: [...runs],
  }
}
