import type { Socket } from 'node:net'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import { MarqueeError } from '../errors.ts'
import type { ExperimentCounts } from '../live/experiments/experiment-counts.ts'
import type { Live } from '../live/live.ts'
import type { EngineReport } from '../model/engine-report.ts'
import type { TrainingQueue } from '../queue/producer/training-queue.ts'
import type { Schedules } from '../queue/schedules/schedules.ts'
import type { Arms } from '../serving/experiment/experiment-arms.ts'
import { createMovieMaps } from '../serving/movie-map/movie-map.ts'
import { createTaskRunner } from '../serving/thread/task-runner.ts'
import { openBatches } from '../storage/batches/batches.ts'
import type { StoreHealth } from '../storage/integrity/store-health.ts'
import type { ModelRegistry } from '../storage/model-registry.ts'
import type { ObjectStore } from '../storage/object-store.ts'
import { requireKeys } from './access.ts'
import { nameAndGuardAnswers } from './answer-headers.ts'
import type { App } from './app-type.ts'
import { auditChanges, isChange } from './audit.ts'
import { closeInOrder } from './closing.ts'
import { allowOrigins } from './cors.ts'
import { handleErrors, refuseAddress } from './errors/error-handling.ts'
import { refuseConnections } from './errors/refused-connections.ts'
import { continueWhenLetIn } from './expectations.ts'
import { parseJsonBodies } from './in/json-body.ts'
import { streamBodies } from './in/streamed-body.ts'
import { textBodies } from './in/text-body.ts'
import { validatorCompiler } from './in/validation.ts'
import type { ApiKeys } from './keys/api-keys.ts'
import { createLimits, type LimitSettings, noLimits } from './keys/limits.ts'
import { jsonBodyMs, limits } from './limits.ts'
import { requireLoopback } from './loopback.ts'
import { collectOpenApi, openApiRoutes } from './openapi/openapi.ts'
import { compressAnswers } from './out/compression.ts'
import { createResponseCache } from './out/response-cache.ts'
import { serializerCompiler } from './out/serialisation.ts'
import { requestIdOf } from './request-id.ts'
import { logAnswers } from './request-log.ts'
import { measureRequests } from './request-metrics.ts'
import { batchInputRoutes } from './routes/batches/batch-inputs.ts'
import { batchRoutes } from './routes/batches/batches.ts'
import { consoleRoutes } from './routes/console/console.ts'
import { experimentRoutes } from './routes/experiments/experiments.ts'
import { createExperiments } from './routes/experiments/lifecycle.ts'
import { createOccurrences } from './routes/experiments/occurrences.ts'
import { type ImportLimits, importRoutes } from './routes/imports/imports.ts'
import { storedImportRoutes } from './routes/imports/stored-imports.ts'
import { compareModelsRoutes } from './routes/models/compare-models.ts'
import { modelRoutes } from './routes/models/models.ts'
import { crosstabRoutes } from './routes/movies/crosstab.ts'
import { movieEditRoutes } from './routes/movies/movie-edits.ts'
import { movieMapRoutes } from './routes/movies/movie-map.ts'
import { movieRoutes } from './routes/movies/movies.ts'
import { rankingRoutes } from './routes/movies/rankings.ts'
import { similarRoutes } from './routes/movies/similar.ts'
import { engineRoutes } from './routes/operation/engines.ts'
import { errorCodeRoutes } from './routes/operation/error-codes.ts'
import { healthRoutes } from './routes/operation/health.ts'
import { metricsRoutes } from './routes/operation/metrics.ts'
import { statisticsRoutes } from './routes/operation/statistics.ts'
import { explanationRoutes } from './routes/predictions/explanations.ts'
import { predictionRoutes } from './routes/predictions/predictions.ts'
import { compactionRoutes } from './routes/ratings/compaction.ts'
import { ratingBatchRoutes } from './routes/ratings/rating-batch.ts'
import { scaleSource } from './routes/ratings/rating-check.ts'
import { ratingRoutes } from './routes/ratings/ratings.ts'
import { ratingsExportRoutes } from './routes/ratings/ratings-export.ts'
import { userRatingRoutes } from './routes/ratings/user-ratings.ts'
import { recommendationBatchRoutes } from './routes/recommendations/recommendation-batch.ts'
import { recommendationRoutes } from './routes/recommendations/recommendations.ts'
import { scheduleRoutes } from './routes/schedules/schedules.ts'
import { jobEventRoutes } from './routes/training-jobs/job-events.ts'
import { trainingJobRoutes } from './routes/training-jobs/training-jobs.ts'
import { erasureRoutes } from './routes/users/erasures.ts'
import { userExportRoutes } from './routes/users/user-export.ts'
import { shedLoad } from './shedding.ts'

export type AppDeps = {
  serving: Arms
  queue: TrainingQueue
  schedules: Schedules
  /** Where ratings are told as they happen. */
  live: Pick<Live, 'append' | 'appendOnce' | 'newest' | 'compact' | 'unfolded' | 'fault' | 'facts'>
  /** Where it is counted what users of an experiment are shown and rate. */
  counts: ExperimentCounts
  store: ObjectStore
  /** What of the store needs a look. */
  health: StoreHealth
  registry: ModelRegistry
  /** Where none are needed, everybody on this machine is an admin and nobody else is answered. */
  apiKeys: ApiKeys
  /** What keys may ask; anything, and wrong ones may be tried, unless told. */
  keyLimits?: LimitSettings
  /** Whose pages may ask, as in `https://films.example`; of no others unless given. */
  corsOrigins?: readonly string[]
  importLimitBytes: number
  /** Further bounds of imports; those of `archiveLimits`, and four at once, unless told. */
  importLimits?: ImportLimits
  /** For lists and rankings that may be asked for again. */
  responseCacheBytes: number
  /** For so long caches on the way may answer a ranking themselves. */
  rankingCacheSeconds?: number
  /** The engines and devices of this machine. */
  engines: () => Promise<EngineReport>
  logger: Logger
  /** Where the figures of `/metrics` are kept, those of the process among them. */
  register?: Registry
  /** Whether it is soon to close; it answers until then. */
  isDraining?: () => boolean
  /** The longest silence of a stream of events. */
  keepAliveMs?: number
}

/**
 * The server with all its routes, ready to listen. It opens and closes none of what it is given.
 */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const app: App = Fastify({
    ...limits,
    loggerInstance: deps.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestIdOf,
    // A logger for each request costs more than to name the request in the few lines about one.
    childLoggerFactory: (logger) => logger,
    // Refused with a problem document, by closeInOrder.
    return503OnClosing: false,
    frameworkErrors: refuseAddress,
    clientErrorHandler: (fault, socket) => refuse(fault, socket as Socket),
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  const register = deps.register ?? new Registry()
  const { unrouted } = measureRequests(app, register)
  handleErrors(app, unrouted)
  app.removeAllContentTypeParsers()
  nameAndGuardAnswers(app)
  logAnswers(app, deps.logger)
  const connections = closeInOrder(app, deps.isDraining ?? (() => false))
  const refuse = refuseConnections(deps.logger, connections)
  continueWhenLetIn(app, deps.logger)
  const { apiKeys, corsOrigins = [] } = deps
  await allowOrigins(app, corsOrigins)
  if (!apiKeys.areNeeded) requireLoopback(app, corsOrigins)
  else {
    const keyLimits = createLimits(deps.keyLimits ?? noLimits, deps.logger)
    app.addHook('onClose', async () => keyLimits.close())
    requireKeys(app, apiKeys, keyLimits)
  }
  // Behind the keys: who has none takes nobody's turn.
  shedLoad(app, deps.logger)
  auditChanges(app, { logger: deps.logger, hasKeys: apiKeys.areNeeded })
  app.addHook('onRequest', (request, _reply, done) => {
    const fault = isChange(request) ? deps.queue.storeFault() : null
    done(fault === null ? undefined : new MarqueeError('store-unavailable', fault))
  })

  await compressAnswers(app)
  await collectOpenApi(app)
  addRoutes(app, { ...deps, register }, connections.isClosing)
  await app.ready()
  return app as unknown as FastifyInstance
}

/** Three scopes: bodies are JSON, text that may also be lines, or streams. */
function addRoutes(
  app: App,
  deps: AppDeps & { register: Registry },
  isClosing: () => boolean,
): void {
  const { serving, queue, live, store, registry, counts } = deps
  const { importLimitBytes, keepAliveMs = 15_000 } = deps
  const scaleOf = scaleSource({ store, serving })
  const cache = createResponseCache(deps.responseCacheBytes)
  serving.live.onErased = () => cache.clear()
  const experiments = createExperiments({ store, registry, serving, counts })
  const occurrences = createOccurrences(serving, counts)
  const log = occurrences.watched(live)
  /** What reads the whole store holds up no answer. */
  const tasks = createTaskRunner()
  app.addHook('onClose', () => tasks.close())
  void app.register((scope, _options, done) => {
    const json: App = scope.withTypeProvider()
    parseJsonBodies(json, jsonBodyMs)
    predictionRoutes(json, serving)
    userRatingRoutes(json, serving)
    compactionRoutes(json, live)
    ratingRoutes(json, { log, scaleOf })
    recommendationRoutes(json, { serving, cache, occurrences })
    recommendationBatchRoutes(json, { serving, occurrences })
    rankingRoutes(json, { serving, cache, publicSeconds: deps.rankingCacheSeconds ?? 0 })
    similarRoutes(json, serving)
    explanationRoutes(json, serving)
    movieRoutes(json, serving)
    movieEditRoutes(json, { serving, log: live })
    movieMapRoutes(json, { serving, movieMaps: createMovieMaps() })
    crosstabRoutes(json, serving)
    trainingJobRoutes(json, { queue, live, store })
    scheduleRoutes(json, { schedules: deps.schedules, live, store })
    jobEventRoutes(json, { queue, keepAliveMs })
    engineRoutes(json, { queue, engines: deps.engines })
    compareModelsRoutes(json, { serving, registry })
    modelRoutes(json, { serving, registry, experiments })
    experimentRoutes(json, { experiments, serving })
    batchRoutes(json, openBatches(store))
    storedImportRoutes(json, { store, serving, health: deps.health })
    erasureRoutes(json, { log: live, queue, store })
    userExportRoutes(json, { live, store, registry, tasks })
    ratingsExportRoutes(json, { live, store, tasks })
    statisticsRoutes(json, { live, serving, store, tasks })
    done()
  })
  void app.register((scope, _options, done) => {
    const texts: App = scope.withTypeProvider()
    textBodies(texts, jsonBodyMs)
    ratingBatchRoutes(texts, { log, scaleOf })
    done()
  })
  void app.register((scope, _options, done) => {
    const imports: App = scope.withTypeProvider()
    streamBodies(imports, importLimitBytes)
    const bounds = { limitBytes: importLimitBytes, limits: deps.importLimits }
    importRoutes(imports, { store, serving, ...bounds })
    batchInputRoutes(imports, { batches: openBatches(store), limitBytes: importLimitBytes })
    done()
  })
  healthRoutes(app, { ...deps, isClosing })
  metricsRoutes(app, deps)
  errorCodeRoutes(app)
  openApiRoutes(app)
  consoleRoutes(app)
}
