import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { MarqueeError } from '../errors.ts'
import { faultOf } from '../redis/faults.ts'
import type { LiveLog, LivePosition, NewLiveEvent, Told } from './live-event.ts'
import type { LiveKeys } from './live-keys.ts'
import { liveScripts } from './scripts.ts'
import { writeEvent } from './stream-entry.ts'

/** A day, in which the same idempotency key gives the same answer. */
const answerSeconds = 86_400
/** So many events of several calls go to Redis at once. */
const largestGroup = 1_000

/** An idempotency key, what it stands for, and the answer to give whoever comes again. */
export type Once = {
  readonly key: string
  /** The same for the same request. */
  readonly fingerprint: string
  readonly answer: string
}

/** A log whose calls may be sent again without being done again. */
export type RedisLog = LiveLog & {
  /**
   * Appends the events and keeps the answer, both or neither; gives the answer that holds, which is
   * the first one's. An `idempotency-key-reused` error where the key stood for another request.
   */
  appendOnce(events: readonly NewLiveEvent[], once: Once): Promise<string>
}

/** What the log waits for beside Redis. */
export type LogHooks = {
  /** Resolves when this process has taken what was told, or has waited enough. */
  taken(told: Told): Promise<void>
  /** The newest position of each epoch that the segments have. */
  folded(): Promise<readonly LivePosition[]>
}

type Waiting = {
  readonly texts: readonly string[]
  resolve(position: LivePosition): void
  reject(error: unknown): void
}

/**
 * The log over a connection whose commands fail in time. Calls that come while one is under way go
 * together with the next (group commit). Every error is `redis-full`, or `log-unavailable`: then it is not known
 * whether the events are in, and to tell them again does no harm.
 */
export function createLiveLog(redis: Redis, keys: LiveKeys, hooks: LogHooks): RedisLog {
  const scripts = liveScripts(redis, keys)
  let waiting: Waiting[] = []
  let isSending = false
  let raised: Promise<void> | null = null
  redis.on('ready', () => void raise().catch(() => {}))
  redis.on('close', () => {
    raised = null
  })
  /** Once for each connection, before the first event. */
  const raise = () => {
    raised ??= raiseNumbers().catch((error) => {
      raised = null
      throw error
    })
    return raised
  }
  const raiseNumbers = async () => {
    // Who has no Redis is told so without waiting for a store that may be away, too.
    await redis.ping()
    for (const position of await hooks.folded()) await scripts.raise(position)
  }

  const send = async () => {
    isSending = true
    // What comes in the same turn of the event loop goes together.
    await new Promise(setImmediate)
    while (waiting.length > 0) {
      const group = nextGroup()
      try {
        await raise()
        const texts = group.length === 1 ? group[0]!.texts : group.flatMap(({ texts }) => texts)
        const appended = await scripts.append(texts)
        if ('position' in appended) void resolveGroup(group, { ...appended, texts })
      } catch (error) {
        // Redis is away: whoever waits behind would be told so only after as long again.
        for (const { reject } of [...group, ...waiting.splice(0)]) reject(unavailable(error))
      }
    }
    isSending = false
  }

  const nextGroup = (): Waiting[] => {
    let events = 0
    let calls = 0
    for (const { texts } of waiting) {
      if (calls > 0 && events + texts.length > largestGroup) break
      events += texts.length
      calls += 1
    }
    const group = waiting.slice(0, calls)
    waiting = waiting.slice(calls)
    return group
  }

  /** Each call's own last position; all are told when the last event of the group is taken. */
  const resolveGroup = async (group: readonly Waiting[], told: Told) => {
    await hooks.taken(told)
    const last = told.position
    let seq = last.seq - told.texts.length
    for (const { texts, resolve } of group) {
      seq += texts.length
      resolve({ epoch: last.epoch, seq })
    }
  }

  return {
    append(events) {
      const texts = events.map(writeEvent)
      return new Promise((resolve, reject) => {
        waiting.push({ texts, resolve, reject })
        if (!isSending) void send()
      })
    },
    async appendOnce(events, { key, fingerprint, answer }) {
      const hash = createHash('sha256').update(key).digest('hex')
      const text = `${fingerprint}\n${answer}`
      const keep = { key: keys.answer(hash), text, seconds: answerSeconds }
      const texts = events.map(writeEvent)
      const appended = await available(raise().then(() => scripts.append(texts, keep)))
      if ('kept' in appended) return keptAnswer(appended.kept, fingerprint)
      if (events.length > 0) await hooks.taken({ ...appended, texts })
      return answer
    },
  }
}

function keptAnswer(kept: string, fingerprint: string): string {
  const end = kept.indexOf('\n')
  if (kept.slice(0, end) === fingerprint) return kept.slice(end + 1)
  throw new MarqueeError(
    'idempotency-key-reused',
    'This Idempotency-Key came with another body in the last day; take a new key for a new request.',
  )
}

/** The answer of Redis, or a `log-unavailable` error. */
export async function available<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw unavailable(error)
  }
}

function unavailable(cause: unknown): MarqueeError {
  const { code: fault, sentence, isRefusal } = faultOf(cause)
  const kept = isRefusal ? 'Nothing of this is kept.' : 'It is not certain that this is kept.'
  const code = fault === 'OOM' ? 'redis-full' : 'log-unavailable'
  return new MarqueeError(code, `${sentence} ${kept} Send it again then.`, { cause })
}
