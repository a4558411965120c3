import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { type Config, readConfig, redisOf, storeOf } from '../config.ts'
import { MarqueeError } from '../errors.ts'
import { buildApp } from '../http/app.ts'
import {
  type ApiKeys,
  fixedKeys,
  keysOfEnvironment,
  secretsOfEnvironment,
} from '../http/keys/api-keys.ts'
import type { LimitSettings } from '../http/keys/limits.ts'
import { watchKeys } from '../http/keys/watch-keys.ts'
import { isLoopback } from '../http/loopback.ts'
import { generateSerialisers } from '../http/out/serialisation.ts'
import { openExperimentCounts } from '../live/experiments/experiment-counts.ts'
import { openLive } from '../live/live.ts'
import { createLogger } from '../logger.ts'
import { openTrainingQueue } from '../queue/producer/training-queue.ts'
import { openSchedules } from '../queue/schedules/schedules.ts'
import { awaitRedis, findRedis, presumeRedis } from '../redis/find-redis.ts'
import type { RedisSettings } from '../redis/options.ts'
import { openSharedCounts } from '../redis/shared-counts.ts'
import { openArms } from '../serving/experiment/experiment-arms.ts'
import { watchStore } from '../storage/integrity/store-health.ts'
import { sweepStore } from '../storage/integrity/sweep.ts'
import { createModelRegistry } from '../storage/model-registry.ts'
import { createStore, probeStore } from '../storage/open-store.ts'
import { storeId } from '../storage/store-id.ts'
import { createDoctor } from './doctor/ask-doctor.ts'
import { processMetrics } from './process-metrics.ts'

/** Imports that are still arriving get so long to end. */
const graceMs = 10_000
/**
 * So many connections may wait to be accepted, if the kernel allows as many: of one that finds no
 * room the client hears nothing, and tries again after one second, two, four.
 */
const backlog = 4_096

/**
 * Runs `marquee serve`: answers over HTTP until it is told to stop; told twice, it stops at once.
 */
export async function serve(): Promise<void> {
  const config = readConfig()
  const logger = createLogger(config.LOG_LEVEL, { isBuffered: true })
  const apiKeys = await openKeys(config, logger)
  if (!apiKeys.areNeeded && !isLoopback(config.HOST))
    throw new MarqueeError(
      'invalid-request',
      `Without MARQUEE_API_KEYS or MARQUEE_KEYS_FILE everybody is an admin, so HOST must be a loopback address and not ${config.HOST}; "marquee key admin" makes a key.`,
    )
  const reason = await probeStore(storeOf(config))
  if (reason !== null) logger.warn({ reason }, 'The store takes no writes.')
  const settings = redisOf(config)
  const found = await findRedis(settings).catch(() => null)
  const presumed = found ?? presumeRedis(settings)
  let server = await start({ config, apiKeys, settings: presumed, logger })
  const stopping = new AbortController()
  const { MARQUEE_DRAIN_MS: drainMs } = config
  stopOnSignal(drainMs, (isSoon) => {
    logger.info({ drainMs: isSoon ? 0 : drainMs }, 'The server stops.')
    stopping.abort()
    return server.stop(isSoon ? 0 : drainMs)
  })
  if (found) return
  const late = await awaitRedis(settings, stopping.signal)
  if (!late || late.prefix === presumed.prefix) return
  logger.warn({ prefix: late.prefix }, 'Redis is a cluster: the server begins anew.')
  await server.stop()
  if (stopping.signal.aborted) return
  server = await start({ config, apiKeys, settings: late, logger })
}

/** Opens all and listens. */
async function start({
  config,
  apiKeys,
  settings,
  logger,
}: {
  config: Config
  apiKeys: ApiKeys
  settings: RedisSettings
  logger: Logger
}): Promise<{ stop(drainMs?: number): Promise<void> }> {
  const store = createStore(storeOf(config))
  const registry = createModelRegistry(store)
  const { MARQUEE_MODEL_POLL_MS: pollMs, MARQUEE_STORE_ROOM_BYTES: leastRoom } = config
  const serving = await openArms({ store, registry, pollMs, logger })
  void sweepStore(storeOf(config), logger)
  const health = watchStore({ ...{ store, registry, pollMs, logger }, leastRoom })
  const redis = { ...settings, attempts: config.MARQUEE_JOB_ATTEMPTS, logger }
  const [queue, schedules, live, counts] = await Promise.all([
    openTrainingQueue({
      ...redis,
      mostQueued: config.MARQUEE_QUEUED_JOBS,
      storeId: () => storeId(store),
    }),
    openSchedules(redis),
    openLive({
      ...redis,
      store,
      listener: serving.listener,
      lacking: () => serving.lacking(),
    }),
    openExperimentCounts(redis),
  ])
  serving.onMissing = () => live.restart()
  let isDraining = false
  const app = await buildApp({
    serving,
    queue,
    schedules,
    live,
    counts,
    store,
    health,
    registry,
    apiKeys,
    keyLimits: limitsOf(config, redis),
    corsOrigins: config.MARQUEE_CORS_ORIGINS,
    importLimitBytes: config.MARQUEE_IMPORT_LIMIT_BYTES,
    importLimits: {
      maxLines: config.MARQUEE_IMPORT_LINES,
      maxIds: config.MARQUEE_IMPORT_IDS,
      maxUncompressedBytes: config.MARQUEE_IMPORT_UNPACKED_BYTES,
      maxCompressionRatio: config.MARQUEE_IMPORT_RATIO,
      atOnce: config.MARQUEE_IMPORTS_AT_ONCE,
    },
    responseCacheBytes: config.MARQUEE_RESPONSE_CACHE_BYTES,
    rankingCacheSeconds: config.MARQUEE_RANKING_CACHE_SECONDS,
    engines: createDoctor(),
    register: processMetrics(),
    logger,
    isDraining: () => isDraining,
  })
  const stop = async (drainMs = 0) => {
    isDraining = true
    await sleep(drainMs)
    await app.close()
    const opened = [queue, schedules, live, counts, serving, health]
    await Promise.all(opened.map((one) => one.close()))
  }
  const { HOST: host, PORT: port } = config
  // Before the first request waits for it.
  generateSerialisers()
  try {
    await app.listen({ host, port, backlog, listenTextResolver: listeningText })
  } catch (error) {
    await stop()
    const reason = error instanceof Error ? error.message : String(error)
    throw new MarqueeError('invalid-request', `Cannot listen on ${host}:${port}: ${reason}`)
  }
  return { stop }
}

/** The keys of the environment, and those of a file where it names one. */
async function openKeys(config: Config, logger: Logger): Promise<ApiKeys> {
  const { MARQUEE_API_KEYS: entries, MARQUEE_KEYS_FILE: file } = config
  const keys = keysOfEnvironment(entries)
  const secrets = secretsOfEnvironment(config.MARQUEE_TOKEN_SECRETS)
  if (file === '') return fixedKeys(keys, secrets)
  return watchKeys({ file, others: { keys, secrets }, logger })
}

/** What keys may ask, counted together with other servers where it is limited. */
function limitsOf(config: Config, redis: RedisSettings & { logger: Logger }): LimitSettings {
  const perRole = {
    public: config.MARQUEE_LIMIT_PUBLIC,
    read: config.MARQUEE_LIMIT_READ,
    write: config.MARQUEE_LIMIT_WRITE,
    admin: config.MARQUEE_LIMIT_ADMIN,
    user: config.MARQUEE_LIMIT_USER,
  }
  const isLimited =
    Object.values(perRole).some((limit) => limit > 0) || config.MARQUEE_KEYS_FILE !== ''
  return {
    ...perRole,
    wrongKeys: config.MARQUEE_LIMIT_WRONG_KEYS,
    shared: isLimited ? openSharedCounts(redis) : undefined,
  }
}

function listeningText(address: string): string {
  return `Marquee answers at ${address}; its documentation is at ${address}/docs.`
}

/**
 * The first signal ends what is under way in order, within bounds; the second ends everything. Somebody
 * at a terminal (SIGINT) has no load balancer that is to hear of it before.
 */
function stopOnSignal(drainMs: number, stop: (isSoon: boolean) => Promise<void>): void {
  let isStopping = false
  const onSignal = (signal: NodeJS.Signals) => {
    if (isStopping) process.exit(1)
    isStopping = true
    setTimeout(() => process.exit(1), drainMs + graceMs).unref()
    stop(signal === 'SIGINT').then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}
