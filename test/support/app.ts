import { createHash } from 'node:crypto'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, InjectOptions } from 'fastify'
import type { Logger } from 'pino'
import type { Role } from '../../src/config-fields.ts'
import { MarqueeError } from '../../src/errors.ts'
import { type AppDeps, buildApp } from '../../src/http/app.ts'
import { fixedKeys, keysOfEnvironment } from '../../src/http/keys/api-keys.ts'
import { signToken, type TokenScope, type TokenSecret } from '../../src/http/keys/user-tokens.ts'
import {
  type ExperimentCounts,
  openExperimentCounts,
} from '../../src/live/experiments/experiment-counts.ts'
import { openLive } from '../../src/live/live.ts'
import type { LiveListener, LiveLog } from '../../src/live/live-event.ts'
import type { EngineReport } from '../../src/model/engine-report.ts'
import type { TrainingQueue } from '../../src/queue/producer/training-queue.ts'
import type { Schedules } from '../../src/queue/schedules/schedules.ts'
import type { Arms } from '../../src/serving/experiment/experiment-arms.ts'
import { watchStore } from '../../src/storage/integrity/store-health.ts'
import type { ObjectStore } from '../../src/storage/object-store.ts'
import { keptLog, openStore, serve } from './bench.ts'

async function noQueue(): Promise<never> {
  throw new MarqueeError('queue-unavailable', 'The job queue cannot be reached.')
}

/** A queue as it is when Redis is away. */
export function queueWithoutRedis(): TrainingQueue {
  const fail = noQueue
  return {
    add: fail,
    find: fail,
    list: fail,
    cancel: fail,
    addErasure: fail,
    storeFault: () => null,
    events: () => ({ [Symbol.asyncIterator]: () => ({ next: fail }) }),
    untaken: fail,
    workers: fail,
    metrics: fail,
    redis: async () => ({
      isUsable: false,
      reasons: ['Redis cannot be reached.'],
      advice: [],
      server: null,
    }),
    close: async () => {},
  }
}

/** Schedules as they are when Redis is away. */
export function schedulesWithoutRedis(): Schedules {
  const fail = noQueue
  return { put: fail, find: fail, list: fail, remove: fail, run: fail, close: async () => {} }
}

/** A log of this process alone: what it is told counts at once. */
export function localLog(listener: () => LiveListener): AppDeps['live'] {
  let seq = 0
  const append: LiveLog['append'] = async (events) => {
    const told = Math.floor(Date.now() / 1_000)
    listener().take(events.map((event) => ({ ...event, epoch: 'test', seq: ++seq, told })))
    return { epoch: 'test', seq }
  }
  return {
    append,
    appendOnce: async (events, { answer }) => append(events).then(() => answer),
    newest: async () => ({ epoch: 'test', seq }),
    compact: async () => ({ epoch: 'test', seq }),
    unfolded: async () => [],
    fault: async () => null,
    facts: () => ({ told: seq, position: { epoch: 'test', seq }, gaps: 0 }),
  }
}

/** A log as it is when Redis is away; that it is, nothing but its calls says. */
export function logWithoutRedis(): AppDeps['live'] {
  const fail = async (): Promise<never> => {
    throw new MarqueeError('log-unavailable', 'The log of live ratings cannot be reached.')
  }
  const facts = () => ({ told: 0, position: null, gaps: 0 })
  const all = { append: fail, appendOnce: fail, newest: fail, compact: fail, unfolded: fail }
  return { ...all, fault: async () => null, facts }
}

/** Counts of experiments as they are when Redis is away. */
export function countsWithoutRedis(): ExperimentCounts {
  const fail = async (): Promise<never> => {
    throw new MarqueeError('log-unavailable', 'The counts cannot be reached.')
  }
  return { note: () => {}, tally: fail, forget: fail, close: async () => {} }
}

/** A machine that has none. */
export const noEngines: EngineReport = {
  host: 'test',
  checkedAt: '2026-01-01T00:00:00.000Z',
  engines: [],
  auto: [],
}

type Given = Partial<AppDeps> & { redis?: { redisUrl: string; prefix: string } }

/**
 * The whole app over a store of the test's own, without Redis unless a queue, or the Redis of a log
 * of live ratings, is given.
 */
export async function openApp(t: TestContext, { redis, ...given }: Given = {}) {
  const bench = await openStore(t)
  const { serving } = await serve(t, bench)
  const { logger, lines } = keptLog()
  const live = redis ? await follow(t, { ...redis, ...bench, serving, logger }) : logWithoutRedis()
  const counts = redis ? await openExperimentCounts({ ...redis, logger }) : countsWithoutRedis()
  t.after(() => counts.close())
  const health = watchStore({ ...bench, pollMs: 3_600_000, logger, leastRoom: 0 })
  t.after(() => health.close())
  const app = await buildApp({
    serving,
    queue: queueWithoutRedis(),
    schedules: schedulesWithoutRedis(),
    live,
    counts,
    store: bench.store,
    health,
    registry: bench.registry,
    apiKeys: fixedKeys([]),
    importLimitBytes: 1_000_000,
    responseCacheBytes: 1_000_000,
    engines: async () => noEngines,
    logger,
    ...given,
  })
  t.after(() => app.close())
  return { ...bench, app, serving, health, lines, call: caller(app) }
}

type Followed = { redisUrl: string; prefix: string; store: ObjectStore; serving: Arms }

/** The log of live ratings as `serve` opens it. */
async function follow(t: TestContext, { serving, ...options }: Followed & { logger: Logger }) {
  const live = await openLive({
    ...options,
    listener: serving.listener,
    lacking: () => serving.lacking(),
  })
  serving.onMissing = () => live.restart()
  t.after(() => live.close())
  return live
}

/** Listens on a free port of loopback; gives the base of its addresses. */
export async function listen(app: FastifyInstance): Promise<string> {
  return app.listen({ host: '127.0.0.1', port: 0 })
}

/** As a client does, it asks again where a slow machine made the app refuse for want of time. */
export async function inject(app: FastifyInstance, options: InjectOptions) {
  for (;;) {
    const answer = await app.inject(options)
    if (answer.statusCode !== 503 || !answer.body.includes('"code":"overloaded"')) return answer
    await sleep(50)
  }
}

/** `call('GET /path')` gives the status, the headers and the parsed body. */
function caller(app: FastifyInstance) {
  return async (target: string, options: Omit<InjectOptions, 'method' | 'url'> = {}) => {
    const [method, url] = target.split(' ') as ['GET', string]
    const { statusCode, headers, body } = await inject(app, { method, url, ...options })
    const isJson = /\bjson/.test(String(headers['content-type']))
    return { status: statusCode, headers, text: body, body: isJson ? JSON.parse(body) : null }
  }
}

/** A key for each role, a secret for tokens, and the configuration that knows them. */
export const keys: Record<Role, string> = {
  ...{ public: 'key-p', read: 'key-r' },
  ...{ write: 'key-w', admin: 'key-a' },
}
export const tokenSecret: TokenSecret = {
  ...{ name: 'shop', secret: 'a-secret-of-the-tests-that-is-long-enough' },
  ...{ expires: null, limit: null },
}
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export const keyEntries = Object.entries(keys).map(([role, key]) => ({
  role: role as Role,
  sha256: sha256(key),
}))
export const apiKeys = fixedKeys(keysOfEnvironment(keyEntries), [tokenSecret])

/** A token of a user for an hour, with these scopes. */
export function tokenOf(user: string, ...scopes: TokenScope[]): Promise<string> {
  return signToken(tokenSecret, { user, seconds: 3_600, scopes })
}
