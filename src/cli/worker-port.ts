import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { Gauge, type Registry } from 'prom-client'
import { type Config, storeOf } from '../config.ts'
import { MarqueeError } from '../errors.ts'
import { safeHeaders } from '../http/answer-headers.ts'
import { problemOf, problemType, toMarqueeError } from '../http/errors/problem.ts'
import { requestIdOf } from '../http/request-id.ts'
import { firstAnswer, openProducerConnection } from '../redis/connections.ts'
import type { RedisSettings } from '../redis/options.ts'
import { type RedisState, stateOf } from '../redis/state.ts'
import { createStoreProbe } from '../storage/integrity/store-probe.ts'
import { createStore } from '../storage/open-store.ts'

type Options = {
  config: Config
  register: Registry
  logger: Logger
  isClosing: () => boolean
}

/** The port of a worker, for probes and for who collects figures. */
export type WorkerPort = {
  /** Looks at this Redis from now on; until then the worker waits for one. */
  follow(redis: RedisSettings): Promise<void>
}

const noRedis: RedisState = {
  isUsable: false,
  reasons: ['The worker waits for Redis.'],
  advice: [],
  server: null,
}

/**
 * Answers `/health/live`, `/health/ready` and `/metrics` as long as the process runs, where a port is
 * set; null where none is.
 */
export async function openWorkerPort(options: Options): Promise<WorkerPort | null> {
  const { config, register, logger, isClosing } = options
  const { HOST: host, MARQUEE_WORKER_PORT: port } = config
  if (port === 0) return null
  const storeFault = createStoreProbe(createStore(storeOf(config)), config.MARQUEE_STORE_ROOM_BYTES)
  let redis: { connection: Redis; prefix: string } | null = null
  const look = async () => {
    const [state, fault] = await Promise.all([
      redis ? stateOf(redis.connection, redis.prefix) : noRedis,
      storeFault().catch(toMarqueeError),
    ])
    return { state, fault }
  }
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [register] })
  const redisUp = gauge('marquee_redis_up', 'Whether Redis takes writes.')
  const storeUp = gauge('marquee_store_up', 'Whether the store takes writes and has room.')

  const answers: Record<string, () => Promise<Answer>> = {
    '/health/live': async () => json(200, { status: 'ok' }),
    async '/health/ready'() {
      const { state, fault } = await look()
      const reasons = [
        ...(isClosing() ? ['The worker is shutting down.'] : []),
        ...state.reasons,
        ...(fault ? [fault.message] : []),
      ]
      const isReady = !isClosing() && state.isUsable && fault === null
      const status = !isReady ? 'unavailable' : reasons.length === 0 ? 'ok' : 'degraded'
      const facts = { redis: state.isUsable, store: fault === null, reasons }
      return json(isReady ? 200 : 503, { status, ...facts })
    },
    async '/metrics'() {
      const { state, fault } = await look()
      redisUp.set(Number(state.isUsable))
      storeUp.set(Number(fault === null))
      return { status: 200, type: register.contentType, body: await register.metrics() }
    },
  }
  const server = createServer(
    (request, response) => void answer(answers, logger, request, response),
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', ({ message }) => {
      reject(new MarqueeError('invalid-request', `Cannot listen on ${host}:${port}: ${message}`))
    })
    server.listen(port, host, resolve)
  })
  logger.info({ host, port }, 'The worker tells how it is.')
  return {
    async follow(settings) {
      const quiet = logger.child({}, { level: 'error' })
      redis = { connection: openProducerConnection(settings, quiet), prefix: settings.prefix }
      await firstAnswer(redis.connection)
    },
  }
}

type Answer = { status: number; type: string; body: string }

function json(status: number, value: object): Answer {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(value) }
}

async function answer(
  answers: Record<string, () => Promise<Answer>>,
  logger: Logger,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const id = requestIdOf(request)
  const { status, type, body } = await answerTo(answers, request).catch((error: unknown) => {
    const known = toMarqueeError(error)
    if (known.code === 'internal')
      logger.error({ reqId: id, err: error }, 'A request failed by a fault.')
    const { problem } = problemOf(known, id)
    return { status: problem.status, type: problemType, body: JSON.stringify(problem) }
  })
  const headers = { ...safeHeaders, 'content-type': type, 'x-request-id': id }
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(request.method === 'HEAD' ? undefined : body)
}

async function answerTo(
  answers: Record<string, () => Promise<Answer>>,
  { url = '/', method = 'GET' }: IncomingMessage,
): Promise<Answer> {
  const [path = ''] = url.split('?', 1)
  const known = Object.hasOwn(answers, path) ? answers[path] : undefined
  const there = Object.keys(answers).join(', ')
  if (!known) throw new MarqueeError('not-found', `There is no ${path} here; there are ${there}.`)
  if (method === 'GET' || method === 'HEAD') return known()
  throw new MarqueeError('method-not-allowed', `${path} takes GET and HEAD, not ${method}.`)
}
