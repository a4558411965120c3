import type { Redis } from 'ioredis'
import type { EngineReport } from '../../model/engine-report.ts'
import type { JobProgress } from '../../model/progress.ts'
import { expirySeconds, jobKeys } from '../job-keys.ts'
import { jobOf, partPayloadSchema } from '../job-part.ts'
import { writeProgress } from '../job-progress.ts'
import { payloadSchema } from '../job-request.ts'
import { type WorkKind, workKindOf } from '../work-kinds.ts'

/** What a worker is there for, and what its machine has once that is known. */
export type WorkerFitness = {
  readonly kinds: readonly WorkKind[]
  readonly probed: Promise<EngineReport | null>
}

/**
 * Decides whether a job, or part, that a worker was given is to be left to others, as this one is not
 * there for its kind or lacks its engine; then the job says that it waits. One that was cancelled any
 * worker ends.
 */
export async function leaveUnfit(
  { id, data, token }: { readonly id: string; readonly data: unknown; readonly token: string },
  fitness: WorkerFitness,
  { redis, prefix }: { readonly redis: Redis; readonly prefix: string },
): Promise<boolean> {
  const kind = workKindOf(data)
  const lack = await lackOf(kind, data, fitness)
  if (lack === null) return false
  const [own, whole] = [jobKeys(prefix, id), jobKeys(prefix, jobOf(id))]
  if (await redis.exists(whole.cancelled)) return false
  // It was not taken up.
  await redis.hincrby(own.job, 'ats', -1)
  if (kind === 'erase') return true
  if (jobOf(id) === id) await writeProgress(redis, own, token, waitingFor(lack, 'queued'))
  else if (!(await redis.exists(whole.parts))) {
    // Otherwise others of its parts tell how far it is.
    const told = waitingFor(lack, kind === 'recommend-all' ? 'recommending' : 'tuning')
    await redis.set(whole.progress, JSON.stringify(told), 'EX', expirySeconds)
  }
  return true
}

/** What another worker has and this one does not; null where it will do. */
async function lackOf(
  kind: WorkKind | null,
  data: unknown,
  { kinds, probed }: WorkerFitness,
): Promise<string | null> {
  if (kind !== null && !kinds.includes(kind)) return `takes jobs of kind ${kind}`
  const engine = engineNeeded(data)
  if (engine === null) return null
  // Where it is not known, a training says what there is.
  const report = await probed
  const has = report?.engines.some((one) => one.engine === engine && one.isAvailable)
  return has === false ? `has engine ${engine}` : null
}

/** The engine that not every worker has and that a job needs; null for none. */
function engineNeeded(data: unknown): string | null {
  const part = partPayloadSchema.safeParse(data).data
  if (part) return part.engine ?? null
  const payload = payloadSchema.safeParse(data).data
  const isTraining = payload?.kind === 'train' || payload?.kind === 'find-rate'
  return isTraining ? rareEngineOf(payload.spec) : null
}

/** The engine of a training that needs a device; null where any worker will do. */
export function rareEngineOf({ engine }: { readonly engine?: string }): string | null {
  return engine === 'webgpu' ? engine : null
}

function waitingFor(lack: string, phase: 'queued' | 'tuning' | 'recommending'): JobProgress {
  return {
    ...{ phase, step: `waiting for a worker that ${lack}`, work: null },
    ...{ place: null, share: 0, secondsLeft: null, worker: null, engine: null, device: null },
    at: new Date().toISOString(),
  }
}
