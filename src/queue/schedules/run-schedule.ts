import { createHash } from 'node:crypto'
import type { Queue } from 'bullmq'
import { type JobRequest, jobRequestSchema, type Payload } from '../job-request.ts'
import { addJob } from '../producer/add-job.ts'
import type { JobRecords } from '../producer/job-records.ts'
import { stateOf } from '../producer/job-view.ts'
import type { Verdict } from './judge.ts'
import type { Runs } from './runs.ts'
import type { KeptSchedule, Run } from './schedule.ts'

export type RunTools = {
  readonly queue: Queue<Payload>
  readonly records: Pick<JobRecords, 'state'>
  readonly runs: Runs
  /** How often a training is tried that fails by a fault. */
  readonly attempts: number
}

/** When a schedule is run, and by whom. */
export type Occasion = Pick<Run, 'dueAt' | 'by'> & {
  /** Its name among those of the schedule. */
  readonly tick: string
}

/**
 * Runs a schedule: judges, queues a training where it is due, and records what came of it. Done
 * again on the same occasion, because the one who did it was killed, it adds no second job.
 */
export async function runSchedule(
  kept: KeptSchedule,
  { tick, ...when }: Occasion,
  judge: (lastJob: string | null) => Promise<Verdict>,
  { queue, records, runs, attempts }: RunTools,
): Promise<Run> {
  const job = jobIdOf(kept, tick)
  const run = (fields: Pick<Run, 'outcome' | 'reason' | 'detail' | 'job'>): Run => {
    return { ...when, ranAt: new Date().toISOString(), ...fields }
  }
  const skipped = (reason: Run['reason'], detail: string, inTheWay: string | null = null) =>
    run({ outcome: 'skipped', reason, detail, job: inTheWay })

  const decide = async (): Promise<Run> => {
    const last = await runs.last(kept)
    if (last?.job === job && (await records.state(job))) return last
    if (last?.job && (await isUnfinished(records, last.job)))
      return skipped('unfinished-job', `Job ${last.job} has not ended yet.`, last.job)
    const request = requestOf(kept)
    if ('problem' in request) return skipped('invalid-training', request.problem)
    const { dataVersion, ...verdict } = await judge(last?.job ?? null)
    if (verdict.outcome === 'skipped') return run({ ...verdict, job: null })

    const queued = run({ ...verdict, job })
    await runs.announce(kept, queued)
    const name = kept.name
    const added = await addJob(queue, request, { dataVersion, attempts, schedule: name, id: job })
    if (added.outcome === 'queued') return queued
    const other = skipped(
      'identical-job',
      `Job ${added.id} does the same on the same imports.`,
      added.id,
    )
    await runs.announce(kept, other)
    return other
  }
  const decided = await decide()
  await runs.record(kept, tick, decided)
  return decided
}

/** The id of the job of an occasion: the same each time, and nobody can guess it. */
function jobIdOf({ id }: KeptSchedule, tick: string): string {
  return `job-${createHash('sha256').update(`${id} ${tick}`).digest('hex').slice(0, 24)}`
}

async function isUnfinished(records: RunTools['records'], job: string): Promise<boolean> {
  const record = await records.state(job)
  if (!record) return false
  const state = stateOf(record)
  return state === 'queued' || state === 'running'
}

/** What was put, with the defaults of this release, which may have others than the one before. */
function requestOf({ schedule }: KeptSchedule): JobRequest | { problem: string } {
  const request = jobRequestSchema.safeParse(schedule.training)
  if (request.success) return request.data
  const [issue] = request.error.issues
  return { problem: `This release does not take it: ${issue?.path.join('/')}: ${issue?.message}.` }
}
