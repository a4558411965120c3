import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { type EngineReport, engineReportSchema } from '../model/engine-report.ts'
import { type WorkKind, workKinds } from './work-kinds.ts'

const expirySeconds = 90
const intervalMs = 30_000

/** What a worker tells of itself. */
const toldSchema = engineReportSchema.extend({
  // A worker of an earlier release takes all, one at a time.
  kinds: z.array(z.enum(workKinds)).default([...workKinds]),
  concurrency: z.int().default(1),
})

/** What a worker that is there takes, and its engines: none until they are probed. */
export type WorkerReport = {
  readonly worker: string
  readonly kinds: WorkKind[]
  /** Jobs that it does at once. */
  readonly concurrency: number
  readonly report: EngineReport
}

const namesKey = (prefix: string) => `${prefix}:workers`
const reportKey = (prefix: string, worker: string) => `${prefix}:worker:${worker}`

/** A worker as it is shown: its name is its own, even among those of one process. */
export type WorkerIdentity = { readonly name: string; readonly host: string; readonly pid: number }

/** The identity of a worker in this process. */
export function newWorkerIdentity(): WorkerIdentity {
  const [host, { pid }] = [hostname(), process]
  return { name: `${host}-${pid}-${randomBytes(3).toString('hex')}`, host, pid }
}

/**
 * Tells all servers that this worker is there, what it takes and what it can train on, and again every
 * half minute: what is told is forgotten after a minute and a half.
 */
export function tellReport(
  redis: Redis,
  prefix: string,
  taking: Pick<WorkerReport, 'kinds' | 'concurrency'>,
  { name: worker, host } = newWorkerIdentity(),
  onTold = () => {},
) {
  const key = reportKey(prefix, worker)
  let report: EngineReport = { host, checkedAt: new Date().toISOString(), engines: [], auto: [] }
  const tell = () => {
    redis
      .multi()
      .set(key, JSON.stringify({ ...report, ...taking }), 'EX', expirySeconds)
      .sadd(namesKey(prefix), worker)
      .exec()
      .then(onTold, () => {})
  }
  tell()
  const timer = setInterval(tell, intervalMs).unref()
  return {
    /** Tells these engines from now on. */
    probed(engines: EngineReport) {
      report = engines
      tell()
    },
    /** Not awaited: where Redis is away, it forgets by itself. */
    takeBack() {
      clearInterval(timer)
      redis
        .multi()
        .del(key)
        .srem(namesKey(prefix), worker)
        .exec()
        .catch(() => {})
    },
  }
}

/** The reports of the workers that are there, by name; names without a report are forgotten. */
export async function readReports(redis: Redis, prefix: string): Promise<WorkerReport[]> {
  const names = (await redis.smembers(namesKey(prefix))).sort()
  if (names.length === 0) return []
  const texts = await redis.mget(names.map((worker) => reportKey(prefix, worker)))
  const gone = names.filter((_, i) => texts[i] === null)
  if (gone.length > 0) await redis.srem(namesKey(prefix), ...gone)
  return names.flatMap((worker, i) => {
    const told = toldSchema.safeParse(texts[i] ? JSON.parse(texts[i]) : null).data
    if (!told) return []
    const { kinds, concurrency, ...report } = told
    return [{ worker, kinds, concurrency, report }]
  })
}
