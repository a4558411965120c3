import type { Redis } from 'ioredis'
import { jobKeys, queueName } from '../job-keys.ts'
import { jobOf } from '../job-part.ts'
import { type WorkKind, workKinds } from '../work-kinds.ts'
import { readReports } from '../worker-reports.ts'

/** So many of those that wait are looked at, the next ones first. */
const mostLooked = 1_000

/** The kinds of work that no worker takes that is there: all of them where none is there. */
export async function untakenKinds(redis: Redis, prefix: string): Promise<ReadonlySet<WorkKind>> {
  const taken = new Set((await readReports(redis, prefix)).flatMap(({ kinds }) => kinds))
  return new Set(workKinds.filter((kind) => !taken.has(kind)))
}

/** Sentences about work that waits though no worker takes it; none where all will be done. */
export async function untakenWork(redis: Redis, prefix: string): Promise<string[]> {
  const untaken = await untakenKinds(redis, prefix)
  if (untaken.size === 0) return []
  const queue = (name: string) => `${prefix}:${queueName}:${name}`
  const waiting = await Promise.all([
    redis.lrange(queue('wait'), -mostLooked, -1),
    redis.zrange(queue('prioritized'), '0', `${mostLooked - 1}`),
    redis.zrange(queue('delayed'), '0', `${mostLooked - 1}`),
  ])
  const ids = waiting.flat().slice(0, mostLooked)
  const asking = redis.pipeline()
  for (const id of ids) {
    const { job, cancelled } = jobKeys(prefix, jobOf(id))
    // BullMQ's name of a job is its kind.
    asking.hget(job, 'name').exists(cancelled)
  }
  const answers = (await asking.exec()) ?? []
  const counts = new Map<WorkKind, number>()
  for (const i of ids.keys()) {
    const [name, isCancelled] = [answers[2 * i]?.[1], answers[2 * i + 1]?.[1]]
    const kind = [...untaken].find((one) => one === name)
    if (kind && isCancelled === 0) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return [...counts].map(([kind, count]) => `${untakenOf(kind)}: ${count} wait.`)
}

/** The beginning of such a sentence. */
export function untakenOf(kind: WorkKind): string {
  return `No worker that is running takes jobs of kind ${kind}`
}
