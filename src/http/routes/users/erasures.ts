import { z } from 'zod'
import { MarqueeError } from '../../../errors.ts'
import type { LiveLog } from '../../../live/live-event.ts'
import { idSchema } from '../../../model/data/ids.ts'
import type { TrainingQueue } from '../../../queue/producer/training-queue.ts'
import {
  erasureSteps,
  finishedAt,
  openReceipt,
  type Receipt,
  readReceipt,
} from '../../../storage/erasures/receipts.ts'
import type { ObjectStore } from '../../../storage/object-store.ts'
import type { App } from '../../app-type.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import { checkPathId } from '../ratings/rating-check.ts'

const erasureSchema = z
  .object({
    id: z.string(),
    userId: z
      .string()
      .nullable()
      .describe('Whom it is of; null once it is finished: then a salted hash is kept.'),
    requestedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    steps: z
      .array(z.object({ step: z.enum(erasureSteps), doneAt: z.iso.datetime().nullable() }))
      .describe(
        'What they are taken out of: answers of every server, kept models with their reports, checkpoints of trainings with batches, stored ratings, imported attributes, and Redis with its files.',
      ),
    note: z
      .string()
      .nullable()
      .describe('What could not be done from here, such as having Redis write its files anew.'),
  })
  .meta({ id: 'Erasure' })

/** Routes of erasures: asked for here, done by a worker, told by a receipt. */
export function erasureRoutes(
  app: App,
  { log, queue, store }: { log: LiveLog; queue: TrainingQueue; store: ObjectStore },
): void {
  app.delete(
    '/v1/users/:userId',
    operation('admin', {
      operationId: 'eraseUser',
      summary: 'Erase a user',
      description:
        'Answers know nothing of the user from now on; a worker then takes what is stored out of everything, after the trainings that run. Whoever comes with the id later is somebody new.',
      tags: ['users'],
      params: z.object({ userId: idSchema.describe('Any user; one may be known in files alone.') }),
      response: {
        ...answer(202, 'It is sure to be done; `Location` tells how far it is.', erasureSchema),
        ...problems('log-unavailable', 'redis-full', 'store-unavailable'),
      },
    }),
    async ({ id, params: { userId } }, reply) => {
      checkPathId('userId', userId)
      const position = await log.append([{ type: 'user-erased', userId }])
      const receipt = await openReceipt(store, userId, position)
      // Where Redis has gone since, a worker finds the receipt.
      await queue.addErasure(receipt.id, id).catch((error: unknown) => {
        // But no worker over this Redis has this store.
        if (error instanceof MarqueeError && error.code === 'store-unavailable') throw error
      })
      return reply.code(202).header('location', `/v1/erasures/${receipt.id}`).send(viewOf(receipt))
    },
  )

  app.get(
    '/v1/erasures/:id',
    operation('admin', {
      operationId: 'getErasure',
      summary: 'Get the receipt of an erasure',
      tags: ['users'],
      params: z.object({ id: z.string().max(64).describe('The id of the erasure.') }),
      response: { ...answer(200, 'The receipt.', erasureSchema), ...problems('unknown-erasure') },
    }),
    async ({ params: { id } }) => viewOf(await readReceipt(store, id)),
  )
}

function viewOf(receipt: Receipt): z.output<typeof erasureSchema> {
  const { id, user, requestedAt, done, note = null } = receipt
  return {
    id,
    userId: 'id' in user ? user.id : null,
    requestedAt,
    finishedAt: finishedAt(receipt),
    steps: erasureSteps.map((step) => ({ step, doneAt: done[step] ?? null })),
    note,
  }
}
