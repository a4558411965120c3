import type { Redis } from 'ioredis'
import type { EngineReport } from '../../model/engine-report.ts'
import type { JobProgress } from '../../model/progress.ts'
import { expirySeconds, jobKeys } from '../job-keys.ts'
import { jobOf, partPayloadSchema } from '../job-part.ts'
import { writeProgress } from '../job-progress.ts'
import { payloadSchema } from '../job-request.ts'

/**
 * Decides whether a job, or part, that a worker was given is to be left to others, as this machine
 * lacks its engine; then the job says that it waits. One that was cancelled any worker ends.
 */
export async function leaveUnfit(
  { id, data, token }: { readonly id: string; readonly data: unknown; readonly token: string },
  probed: Promise<EngineReport | null>,
  { redis, prefix }: { readonly redis: Redis; readonly prefix: string },
): Promise<boolean> {
  const engine = engineNeeded(data)
  if (engine === null) return false
  // Where it is not known, a training says what there is.
  const report = await probed
  const has = report?.engines.some((one) => one.engine === engine && one.isAvailable)
  if (has !== false) return false
  const [own, whole] = [jobKeys(prefix, id), jobKeys(prefix, jobOf(id))]
  if (await redis.exists(whole.cancelled)) return false
  // It was not taken up.
  await redis.hincrby(own.job, 'ats', -1)
  if (jobOf(id) === id) await writeProgress(redis, own, token, waitingFor(engine, 'queued'))
  else if (!(await redis.exists(whole.parts))) {
    // Otherwise others of its parts tell how far it is.
    const told = JSON.stringify(waitingFor(engine, 'tuning'))
    await redis.set(whole.progress, told, 'EX', expirySeconds)
  }
  return true
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

function waitingFor(engine: string, phase: 'queued' | 'tuning'): JobProgress {
  return {
    ...{ phase, step: `waiting for a worker that has engine ${engine}`, work: null },
    ...{ place: null, share: 0, secondsLeft: null, worker: null, engine: null, device: null },
    at: new Date().toISOString(),
  }
}
