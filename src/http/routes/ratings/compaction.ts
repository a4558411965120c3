import { z } from 'zod'
import type { Live } from '../../../live/live.ts'
import { livePositionSchema } from '../../../model/data/live-position.ts'
import type { App } from '../../app-type.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'

const compactionSchema = z
  .object({
    upTo: livePositionSchema
      .nullable()
      .describe('The newest event that will be folded; null where there is none.'),
  })
  .meta({ id: 'Compaction' })

/** The route that asks for the folding of live events, which workers otherwise do by themselves. */
export function compactionRoutes(app: App, live: Pick<Live, 'compact'>): void {
  app.post(
    '/v1/ratings/compaction',
    operation('admin', {
      operationId: 'compactRatings',
      summary: 'Fold live ratings into a segment',
      description:
        'Moves what was rated so far from Redis to the store. A worker does it within seconds; every training does so first, and workers by themselves when there are many.',
      tags: ['ratings'],
      response: {
        ...answer(202, 'A worker will do it.', compactionSchema),
        ...problems('log-unavailable', 'redis-full'),
      },
    }),
    async (_request, reply) => reply.code(202).send({ upTo: await live.compact() }),
  )
}
