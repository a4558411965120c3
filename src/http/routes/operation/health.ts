import { z } from 'zod'
import type { TrainingQueue } from '../../../queue/producer/training-queue.ts'
import type { Serving } from '../../../serving/serving.ts'
import type { App } from '../../app-type.ts'
import { answer, operation, publicProblems } from '../../openapi/operation.ts'

const livenessSchema = z.object({ status: z.literal('ok') }).meta({ id: 'Liveness' })

const readinessSchema = z
  .object({
    status: z
      .enum(['ok', 'degraded', 'unavailable'])
      .describe('`degraded`: it answers, but something needs a look.'),
    redis: z.boolean().describe('Whether Redis takes jobs and live ratings.'),
    model: z.string().nullable().describe('The version that serves; null before the first.'),
    reasons: z.array(z.string()).describe('What is not as it should be.'),
  })
  .meta({ id: 'Readiness' })
type Readiness = z.infer<typeof readinessSchema>

/** Routes of probes: is the process alive, and is it of use. */
export function healthRoutes(
  app: App,
  deps: { serving: Serving; queue: TrainingQueue; isClosing: () => boolean },
): void {
  app.get(
    '/health/live',
    operation('public', {
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
    operation('public', {
      operationId: 'isReady',
      summary: 'Is the process ready for requests',
      description:
        'For reads a model must be loaded; Redis may be away. For writes Redis must be there; a model need not be.',
      tags: ['health'],
      querystring: z.strictObject({
        for: z.enum(['reads', 'writes']).default('reads').describe('Which requests are meant.'),
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
  { serving, queue, isClosing }: Parameters<typeof healthRoutes>[1],
  purpose: 'reads' | 'writes',
): Promise<Readiness> {
  const redis = await queue.redis()
  const { model, refusal, catalogueRefusal } = serving.status()
  const reasons = [
    ...(isClosing() ? ['The server is shutting down.'] : []),
    ...redis.reasons,
    ...(refusal ? [refusal.reason] : []),
    ...(catalogueRefusal ? [catalogueRefusal.reason] : []),
    ...(model === null && !refusal ? ['No model has been trained yet.'] : []),
  ]
  const isUseful = !isClosing() && (purpose === 'writes' ? redis.isUsable : model !== null)
  const status = isUseful ? (reasons.length === 0 ? 'ok' : 'degraded') : 'unavailable'
  return { status, redis: redis.isUsable, model, reasons }
}
