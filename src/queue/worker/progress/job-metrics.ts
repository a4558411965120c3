import type { Job, Worker } from 'bullmq'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { ToldProgress } from './job-meter.ts'

export type JobOutcome = (typeof outcomes)[number]

/** What children tell that there are figures of; those of parts tell no more than their phase. */
type Told = Pick<ToldProgress, 'phase'> &
  Partial<Pick<ToldProgress, 'share' | 'ratingsPerSecond' | 'residentBytes'>>

type Following = { hear(told: Told): void; stop(): void }

/** Figures of the jobs that a worker has, and of their children, which have no port of their own. */
export type JobMetrics = {
  /** A job begins; gives what follows it until it is not here any more. */
  begin(kind: string): Following
  /** A job has ended here, after so long. */
  ended(kind: string, outcome: JobOutcome, seconds: number): void
  /** Redis has been told that this worker is there. */
  toldOf(): void
}

const seconds = [0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400]
/** Until the child tells its phase, which it never does of an erasure. */
const silent = 'silent'
const outcomes = ['completed', 'failed', 'cancelled', 'retried'] as const

/** Registers the figures. */
export function createJobMetrics(register: Registry): JobMetrics {
  const registers = [register]
  const duration = new Histogram({
    name: 'marquee_job_duration_seconds',
    help: 'Time from the beginning of a job, or of an attempt at it, to its end.',
    labelNames: ['kind', 'outcome'],
    buckets: seconds,
    registers,
  })
  // An alert sees the first failure only where there was a 0 before.
  for (const outcome of outcomes) duration.zero({ kind: 'train', outcome })
  const phases = new Counter({
    name: 'marquee_job_phase_seconds_total',
    help: 'Time that jobs spent in each phase.',
    labelNames: ['kind', 'phase'],
    registers,
  })
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers })
  const running = gauge('marquee_worker_running_jobs', 'Jobs that this worker has now.')
  const speed = gauge(
    'marquee_training_ratings_per_second',
    'Ratings a second of the last epoch of the training that runs, of several together; 0 where none does.',
  )
  const progress = gauge(
    'marquee_training_progress_ratio',
    'How much of the job that runs is done, of its time; of several the least; 0 where none runs.',
  )
  const memory = gauge(
    'marquee_training_resident_memory_bytes',
    'Memory of the processes that do jobs; 0 where none does.',
  )
  const heartbeat = gauge(
    'marquee_worker_heartbeat_timestamp_seconds',
    'When this worker last told Redis that it is there, every half minute.',
  )

  const last = new Set<Partial<Told>>()
  const show = () => {
    const told = [...last]
    const sum = (of: 'ratingsPerSecond' | 'residentBytes') =>
      told.reduce((total, one) => total + (one[of] ?? 0), 0)
    speed.set(sum('ratingsPerSecond'))
    memory.set(sum('residentBytes'))
    progress.set(told.length === 0 ? 0 : Math.min(...told.map(({ share = 0 }) => share)))
  }

  return {
    begin(kind) {
      let told: Partial<Told> = {}
      let phase: string = silent
      let since = performance.now()
      const spend = () => {
        const now = performance.now()
        phases.inc({ kind, phase }, (now - since) / 1_000)
        since = now
      }
      running.inc()
      return {
        hear(heard) {
          spend()
          phase = heard.phase
          last.delete(told)
          told = heard
          last.add(told)
          show()
        },
        stop() {
          spend()
          running.dec()
          last.delete(told)
          show()
        },
      }
    },
    ended: (kind, outcome, seconds) => duration.observe({ kind, outcome }, seconds),
    toldOf: () => heartbeat.setToCurrentTime(),
  }
}

/** Those who follow a job, as one. */
export function withMetrics(
  followed: Following | null,
  metrics: Following | undefined,
): Following | null {
  if (!metrics) return followed
  return {
    hear(told) {
      followed?.hear(told)
      metrics.hear(told)
    },
    stop() {
      followed?.stop()
      metrics.stop()
    },
  }
}

/** Tells of the jobs that end here. */
export function measureJobs(
  worker: Worker,
  metrics: JobMetrics,
  isCancelled: (id: string) => Promise<boolean>,
): void {
  const end = (
    { name, processedOn = Date.now(), finishedOn = Date.now() }: Job,
    outcome: JobOutcome,
  ) => metrics.ended(name, outcome, (finishedOn - processedOn) / 1_000)
  worker.on('completed', (job) => end(job, 'completed'))
  worker.on('failed', (job) => {
    if (!job) return
    if (!job.finishedOn) return end(job, 'retried')
    isCancelled(job.id!).then(
      (isWish) => end(job, isWish ? 'cancelled' : 'failed'),
      () => end(job, 'failed'),
    )
  })
}
