import { z } from 'zod'

/** What a job is at; a training comes to all but the first three, in this order. */
export const jobPhases = [
  'queued',
  'tuning',
  'recommending',
  'loading',
  'preparing',
  'training',
  'ranking',
  'measuring',
  'comparing',
  'refitting',
  'publishing',
] as const
export type JobPhase = (typeof jobPhases)[number]

const workSchema = z.object({
  unit: z.string().describe('What is counted: epochs, sweeps, settings, users …'),
  done: z.int(),
  total: z.int().describe('As far as is known: early stopping and burn-in move it.'),
})

/** How far a job is, and how long it will take. */
export const jobProgressSchema = z
  .object({
    phase: z
      .enum(jobPhases)
      .describe(
        '"tuning" are its trials; "recommending" are the answers of a `recommend-all`; "comparing" fits the settings of the model that serves beside it; "refitting" fits once more, on all ratings.',
      ),
    step: z.string().nullable().describe('The part of the phase; null where it has none.'),
    work: workSchema.nullable().describe('What that part counts; null where nothing.'),
    place: z.int().nullable().describe('While queued: 1 is next; otherwise null.'),
    share: z
      .number()
      .min(0)
      .max(1)
      .describe('Of the time of the whole job; never falls in an attempt.'),
    secondsLeft: z
      .number()
      .nullable()
      .describe('From rates measured on this machine; null while nothing is known.'),
    worker: z
      .object({ name: z.string(), host: z.string(), pid: z.int() })
      .nullable()
      .describe('Who has it or had it.'),
    engine: z.string().nullable(),
    device: z.string().nullable(),
    at: z.iso.datetime().nullable().describe('When the worker told it, about once a second.'),
  })
  .meta({ id: 'JobProgress' })
export type JobProgress = z.infer<typeof jobProgressSchema>

/** A line that a person can read: "ranking, 64 %, about 40 s left". */
export function progressText({
  phase,
  share,
  secondsLeft,
}: Pick<JobProgress, 'phase' | 'share' | 'secondsLeft'>): string {
  const left = secondsLeft === null ? '' : `, about ${durationText(secondsLeft)} left`
  return `${phase}, ${Math.floor(100 * share)} %${left}`
}

/** As exact as an estimate is: to the second below ten, then to five, then in minutes and hours. */
function durationText(seconds: number): string {
  if (seconds < 10) return `${Math.max(1, Math.round(seconds))} s`
  if (seconds < 90) return `${5 * Math.round(seconds / 5)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`
}
