import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createLogger } from '../../src/logger.ts'
import type { JobRequest } from '../../src/queue/job-request.ts'
import type { TrainingJob } from '../../src/queue/job-schema.ts'
import { openTrainingQueue } from '../../src/queue/producer/training-queue.ts'
import { descendantsOf } from '../../test/support/marquee.ts'
import { startRedis } from '../serving/processes.ts'

/** A job that is done, and what it took. */
export type Done = {
  readonly job: TrainingJob
  readonly seconds: number
  /** From when its progress first counted something. */
  readonly countingSeconds: number
  /** Of all processes of the workers, from when the job was asked for. */
  readonly cpuSeconds: number
  /** The most memory that a process of a worker had. */
  readonly peakMib: number
}

const longestMs = 3_600_000

/** Does a job with so many workers, over a Redis of its own. */
export async function measure(
  cli: string,
  store: string,
  count: number,
  request: JobRequest,
): Promise<Done> {
  const redis = await startRedis()
  const logger = createLogger('silent')
  const queue = await openTrainingQueue({
    ...{ redisUrl: redis.url, prefix: 'marquee', attempts: 1, logger },
  })
  const env = { ...process.env, REDIS_URL: redis.url, MARQUEE_STORE: store, LOG_LEVEL: 'error' }
  const workers = Array.from({ length: count }, () =>
    spawn(process.execPath, [cli, 'work'], { env, stdio: 'inherit' }),
  )
  try {
    // Their engines are told once they have been probed, which would have its share of the time.
    for (let there = 0; there < count; ) {
      await new Promise((resolve) => setTimeout(resolve, 200))
      there = (await queue.workers().catch(() => [])).length
    }
    const added = await queue.add(request, 'v')
    if (added.outcome !== 'queued') throw new Error('The job is queued already.')
    const watch = watchProcesses(workers)
    let countsAt = 0
    const signal = AbortSignal.timeout(longestMs)
    for await (const { type, data } of queue.events(added.job.id, { signal })) {
      watch.look()
      if (type === 'progress' && data.work && data.work.done > 0) countsAt ||= Date.now()
    }
    const job = (await queue.find(added.job.id))!
    if (job.state !== 'completed') throw new Error(JSON.stringify(job.error))
    const endedAt = Date.parse(job.finishedAt!)
    const seconds = (endedAt - Date.parse(job.createdAt)) / 1_000
    return { job, seconds, countingSeconds: (endedAt - countsAt) / 1_000, ...watch.figures() }
  } finally {
    for (const worker of workers) worker.kill('SIGKILL')
    await Promise.all(workers.map((worker) => once(worker, 'exit')))
    await queue.close()
    await redis.stop()
  }
}

const ticksPerSecond = 100

/** Peak memory and CPU of the processes of workers, as they are looked at. */
function watchProcesses(workers: readonly ChildProcess[]) {
  const cpu = new Map<number, number>()
  let peak = 0
  const look = () => {
    for (const { pid = 0 } of workers)
      for (const each of [pid, ...descendantsOf(pid)])
        try {
          const stat = readFileSync(`/proc/${each}/stat`, 'utf8')
          const [user = 0, system = 0] = stat
            .slice(stat.lastIndexOf(')'))
            .split(' ')
            .slice(12, 14)
            .map(Number)
          cpu.set(each, (user + system) / ticksPerSecond)
          const [, highest] =
            /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/status`, 'utf8')) ?? []
          peak = Math.max(peak, Number(highest ?? 0) / 1_024)
        } catch {
          // It ended while it was looked at.
        }
  }
  look()
  const before = [...cpu.values()].reduce((sum, seconds) => sum + seconds, 0)
  return {
    look,
    figures() {
      const all = [...cpu.values()].reduce((sum, seconds) => sum + seconds, 0)
      return { cpuSeconds: all - before, peakMib: peak }
    },
  }
}
