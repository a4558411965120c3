import { z } from 'zod'
import type { Live } from '../../../live/live.ts'
import type { TrainingQueue } from '../../../queue/producer/training-queue.ts'
import type { Serving } from '../../../serving/serving.ts'
import type { StoreHealth } from '../../../storage/integrity/store-health.ts'
import type { ObjectStore } from '../../../storage/object-store.ts'
import { dataVersionOf } from '../../../storage/ratings/load-ratings.ts'
import type { App } from '../../app-type.ts'
import type { ApiKeys } from '../../keys/api-keys.ts'
import { answer, operation, publicProblems } from '../../openapi/operation.ts'

const livenessSchema = z.object({ status: z.literal('ok') }).meta({ id: 'Liveness' })

const purposes = ['reads', 'writes', 'training'] as const
type Purpose = (typeof purposes)[number]

const readinessSchema = z
  .object({
    status: z
      .enum(['ok', 'degraded', 'unavailable'])
      .describe('`degraded`: it answers, but something needs a look.'),
    redis: z.boolean().describe('Whether Redis takes jobs and live ratings.'),
    store: z.boolean().describe('Whether the store takes writes and has room.'),
    model: z.string().nullable().describe('The version that serves; null before the first.'),
    catalogue: z.int().describe('How many movies it knows.'),
    reasons: z.array(z.string()).describe('What is not as it should be.'),
  })
  .meta({ id: 'Readiness' })
type Readiness = z.infer<typeof readinessSchema>

type Deps = {
  serving: Serving
  queue: TrainingQueue
  live: Pick<Live, 'fault'>
  health: StoreHealth
  store: ObjectStore
  apiKeys: ApiKeys
  isClosing: () => boolean
}

/** Routes of probes: is the process alive, and is it of use. */
export function healthRoutes(app: App, deps: Deps): void {
  app.get(
    '/health/live',
    operation('anyone', {
      operationId: 'isAlive',
      summary: 'Is the process alive',
      description: 'Asks nothing else: restart the process when this does not answer.',
      tags: ['health'],
      response: {
        ...answer(200, 'It is.', livenessSchema),
        ...publicProblems(),
      },
    }),
    async () => ({ status: 'ok' as const }),
  )

  app.get(
    '/health/ready',
    operation('anyone', {
      operationId: 'isReady',
      summary: 'Is the process ready for requests',
      description:
        'For reads a model must be loaded; Redis may be away. For writes Redis and store must take them; a model need not be there. For training there must be ratings, too. What is damaged is left out and named: it degrades.',
      tags: ['health'],
      querystring: z.strictObject({
        for: z.enum(purposes).default('reads').describe('Which requests are meant.'),
      }),
      response: {
        ...answer(200, 'It is.', readinessSchema),
        ...answer(503, 'It is not.', readinessSchema),
        ...publicProblems(),
      },
    }),
    async ({ query }, reply) => {
      const readiness = await readinessOf(deps, query.for)
      return reply.code(readiness.status === 'unavailable' ? 503 : 200).send(readiness)
    },
  )
}

async function readinessOf(
  { serving, queue, live, health, store, apiKeys, isClosing }: Deps,
  purpose: Purpose,
): Promise<Readiness> {
  const [redis, logFault, storeFault, untaken] = await Promise.all([
    queue.redis(),
    live.fault(),
    health.fault(),
    // Where Redis is away, that is said.
    queue.untaken().catch(() => []),
  ])
  const { model, refusal, catalogueRefusal, damaged } = serving.status()
  const hasRatings =
    purpose === 'training' && (await dataVersionOf(store).catch(() => 'empty')) !== 'empty'
  const damage = new Map([
    ...health.damage(),
    ...damaged.map(({ key, reason }) => [key, reason] as const),
  ])
  const keysFault = apiKeys.fault()
  const reasons = [
    ...(isClosing() ? ['The server is shutting down.'] : []),
    ...redis.reasons,
    ...(logFault === null ? [] : [logFault]),
    ...untaken,
    ...(storeFault ? [storeFault.message] : []),
    ...[refusal, catalogueRefusal].flatMap((refused) => refused?.reason ?? []),
    ...(model === null && !refusal ? ['No model has been trained yet.'] : []),
    ...(purpose === 'training' && !hasRatings ? ['No ratings have been imported yet.'] : []),
    ...(keysFault === null ? [] : [keysFault]),
    ...damage.values(),
  ]
  const isRedisUsable = redis.isUsable && logFault === null
  const takesWrites = isRedisUsable && storeFault === null
  const isUseful = {
    reads: model !== null,
    writes: takesWrites,
    training: takesWrites && hasRatings,
  }[purpose]
  const status = isClosing() || !isUseful ? 'unavailable' : reasons.length === 0 ? 'ok' : 'degraded'
  return {
    ...{ status, redis: isRedisUsable, store: storeFault === null, model },
    catalogue: serving.catalogue().size,
    reasons: [...new Set(reasons)],
  }
}
