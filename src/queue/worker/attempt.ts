import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { MarqueeError } from '../../errors.ts'
import type { EpochReport } from '../../model/epoch-report.ts'
import type { Promotion } from '../../model/promotion.ts'
import type { LearningRatePoint } from '../../model/spec/learning-rate-search.ts'
import type { Trial } from '../../model/spec/trial.ts'
import { whenTaken } from '../../redis/when-taken.ts'
import { readTrials } from '../job-events-store.ts'
import { expirySeconds, type JobKeys } from '../job-keys.ts'

/**
 * BullMQ runs a job at least once: a worker that was thought dead may go on beside its successor.
 * Every attempt therefore takes a number, and only the newest may report and publish.
 */
export type AttemptState = 'newest' | 'superseded' | 'cancelled'

/** One attempt at a job, as its worker sees it. */
export type Attempt = {
  /** Counts from 1 and only grows. */
  readonly number: number
  /** Says that all begins anew, on another engine: what was reported no longer counts. */
  restart(): Promise<AttemptState>
  /** Appends an epoch to the job's events, unless this attempt no longer counts. */
  report(epoch: EpochReport): Promise<AttemptState>
  /** Appends a point of a learning-rate search to the job's events, unless it no longer counts. */
  reportPoint(point: LearningRatePoint): Promise<AttemptState>
  /** Appends what was decided of the model to the job's events, unless it no longer counts. */
  reportPromotion(promotion: Promotion): Promise<AttemptState>
  /** Says that later attempts go on behind this epoch, unless this one no longer counts. */
  noteCheckpoint(epoch: number): Promise<AttemptState>
  /** Keeps a trial for later attempts and appends it to the events, unless it no longer counts. */
  keepTrial(trial: Trial): Promise<AttemptState>
  /** The trials that this attempt and those before it have kept. */
  keptTrials(): Promise<Trial[]>
  /** Asks to publish, or to end. Once it has said `newest`, the job can no longer be cancelled. */
  claimPublication(): Promise<AttemptState>
}

/** Begins the job's events anew; the finished trials alone stay. */
const startAnew = `
  redis.call('XTRIM', KEYS[4], 'MAXLEN', 0)
  redis.call('XADD', KEYS[4], '*', 'type', 'started', 'data', '{"attempt":' .. attempt .. '}')
  for _, trial in ipairs(redis.call('LRANGE', KEYS[6], 0, -1)) do
    redis.call('XADD', KEYS[4], '*', 'type', 'trial', 'data', trial)
  end`

/**
 * Whoever has lost the job's lock before it could begin must not end the attempt of its heir. An
 * attempt that waited for the parts of its job goes on.
 */
const beginScript = `
  if redis.call('EXISTS', KEYS[3]) == 1 then return 'cancelled' end
  if redis.call('GET', KEYS[5]) ~= ARGV[2] then return 'superseded' end
  if redis.call('DEL', KEYS[9]) == 1 then return tonumber(redis.call('GET', KEYS[1])) end
  local attempt = redis.call('INCR', KEYS[1])
  redis.call('DEL', KEYS[2])
  ${startAnew}
  redis.call('EXPIRE', KEYS[1], ARGV[1])
  redis.call('EXPIRE', KEYS[4], ARGV[1])
  return attempt`

const endUnlessNewest = `
  if redis.call('EXISTS', KEYS[3]) == 1 then return 'cancelled' end
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'superseded' end`

/**
 * Of a job that got further BullMQ is to count the deaths of its workers (`stc`) and the failures
 * (`atm`) anew: it has no way of its own to be told so while the job runs.
 */
const countAnew = `
  if redis.call('EXISTS', KEYS[7]) == 1 then
    redis.call('HSET', KEYS[7], 'stc', 0, 'atm', 0)
  end`

const checkpointScript = `${endUnlessNewest}
  if tonumber(ARGV[2]) > tonumber(redis.call('GET', KEYS[8]) or 0) then
    redis.call('SET', KEYS[8], ARGV[2], 'EX', ARGV[3])
    ${countAnew}
  end
  return 'newest'`

/** A command that was cut off is sent again, so what is there already is left out. */
const reportScript = `${endUnlessNewest}
  local last = redis.call('XREVRANGE', KEYS[4], '+', '-', 'COUNT', 1)[1]
  if last and last[2][6] == ARGV[2] then return 'newest' end
  redis.call('XADD', KEYS[4], '*', 'type', ARGV[4], 'data', ARGV[3], 'mark', ARGV[2])
  if ARGV[4] == 'trial' then
    redis.call('RPUSH', KEYS[6], ARGV[3])
    redis.call('EXPIRE', KEYS[6], ARGV[5])
    ${countAnew}
  end
  return 'newest'`

const restartScript = `${endUnlessNewest}
  local attempt = ARGV[1]
  ${startAnew}
  return 'newest'`

const claimScript = `${endUnlessNewest}
  redis.call('SET', KEYS[2], ARGV[3], 'EX', ARGV[2])
  return 'newest'`

/** A new attempt, or why this worker may not begin one. */
export type Begun = Attempt | Exclude<AttemptState, 'newest'>

/**
 * Begins an attempt, which supersedes all before it. Says why not when the job was
 * cancelled or `token` is no longer the one that BullMQ has locked the job with. It and its reports
 * wait where Redis takes no writes.
 */
export async function beginAttempt(
  redis: Redis,
  keys: JobKeys,
  token: string,
  logger?: Logger,
): Promise<Begun> {
  const { attempt, publishing, cancelled, events, lock, trials, job, reached, waits } = keys
  const names = [attempt, publishing, cancelled, events, lock, trials, job, reached, waits]
  let last: Promise<unknown> = Promise.resolve()
  /** One after the other, as what Redis refuses for a while is sent again. */
  const run = (script: string, ...values: (string | number)[]) => {
    const ask = () => redis.eval(script, names.length, ...names, ...values)
    const answer = last.then(() => whenTaken(ask, { logger }))
    last = answer.catch(() => {})
    return answer
  }

  const number = (await run(beginScript, expirySeconds, token)) as
    | number
    | 'cancelled'
    | 'superseded'
  if (typeof number === 'string') return number
  const report = async (type: string, mark: number | string, data: object) =>
    (await run(
      reportScript,
      ...[number, `${type} ${mark}`, JSON.stringify(data), type, expirySeconds],
    )) as AttemptState
  return {
    number,
    restart: async () => (await run(restartScript, number)) as AttemptState,
    report: (epoch) => report('epoch', epoch.epoch, epoch),
    reportPoint: (point) => report('point', point.learningRate, point),
    reportPromotion: (promotion) => report('promotion', promotion.decidedAt, promotion),
    noteCheckpoint: async (epoch) =>
      (await run(checkpointScript, number, epoch, expirySeconds)) as AttemptState,
    keepTrial: (trial) => report('trial', `${trial.trial}.${trial.round}`, trial),
    keptTrials: () => readTrials(redis, keys),
    claimPublication: async () =>
      (await run(claimScript, number, expirySeconds, token)) as AttemptState,
  }
}

/** The error that a worker ends with whose attempt does not count. */
export function refusal(state: Exclude<AttemptState, 'newest'>): Error {
  return state === 'cancelled'
    ? new MarqueeError('cancelled', 'The training was cancelled.')
    : new Error('Another worker has taken the job over.')
}

/** The next attempt, or an error that says why this worker may not. */
export async function beginOrRefuse(job: { begin(): Promise<Begun> }): Promise<Attempt> {
  const attempt = await job.begin()
  if (typeof attempt === 'string') throw refusal(attempt)
  return attempt
}

/** Resolves when the attempt may end the job; an error says why not. */
export async function claimOrRefuse(attempt: Attempt): Promise<void> {
  const state = await attempt.claimPublication()
  if (state !== 'newest') throw refusal(state)
}

/** The state of an attempt while it works, by the answers to what it reports. */
export type AttemptWatch = {
  /** Aborted with the signal that was given, or once the attempt no longer counts. */
  readonly signal: AbortSignal
  readonly state: AttemptState
  /** Not awaited: work goes on while Redis is away, and the reports wait their turn. */
  hear(answer: Promise<AttemptState>): void
  /** The error that the work is to end with when it ended with this one. */
  errorOf(error: unknown): unknown
}

/** A watch over an attempt that has just begun. */
export function watchAttempt(signal: AbortSignal): AttemptWatch {
  const stop = new AbortController()
  let state: AttemptState = 'newest'
  return {
    signal: AbortSignal.any([signal, stop.signal]),
    get state() {
      return state
    },
    hear(answer) {
      answer.then(
        (heard) => {
          state = heard
          if (state !== 'newest') stop.abort()
        },
        () => {},
      )
    },
    errorOf: (error) => (state === 'newest' ? error : refusal(state)),
  }
}
