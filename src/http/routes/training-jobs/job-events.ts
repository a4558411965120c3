import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { MarqueeError } from '../../../errors.ts'
import type { TrainingQueue } from '../../../queue/producer/training-queue.ts'
import type { App } from '../../app-type.ts'
import { operation, problems } from '../../openapi/operation.ts'
import { eventStreamHeaders, frames } from '../../out/event-stream.ts'
import { findJob, jobParams } from './training-jobs.ts'

const description =
  'Events `started`, `epoch` (the report of one epoch), `point` (of a search for a learning rate), `trial` (of a tuning), `promotion` (what was decided of the model, on the held-out figures, before it is fitted to all ratings; once more if that changes) and `ended` (with the state), each with an id; and `progress`, that of the job, when it changes and once a second while the job runs, without an id, as it is not replayed. After a second `started` (a new attempt, or the same one anew on another engine) the epochs and points before it no longer count; finished trials stay and come again. The stream ends after `ended`. A client that was cut off sends the last id it saw as `Last-Event-ID` and gets what came after it. While Redis is away the stream stays open, or opens, and goes on when Redis is back; where the job is gone by then, it ends.'

/** Route of a job's progress as server-sent events. */
export function jobEventRoutes(
  app: App,
  { queue, keepAliveMs }: { queue: TrainingQueue; keepAliveMs: number },
): void {
  const openStreams = new Set<AbortController>()
  // A stream may last for hours: it must not hold up the end of the server.
  app.addHook('preClose', async () => {
    for (const stream of openStreams) stream.abort()
  })
  const signalOf = (reply: FastifyReply): AbortSignal => {
    const stream = new AbortController()
    openStreams.add(stream)
    reply.raw.once('close', () => {
      openStreams.delete(stream)
      stream.abort()
    })
    return stream.signal
  }

  app.get(
    '/v1/training-jobs/:id/events',
    {
      exposeHeadRoute: false,
      compress: false,
      ...operation('read', {
        operationId: 'followTraining',
        summary: "Follow a training job's progress",
        description,
        tags: ['training'],
        params: jobParams,
        headers: z.looseObject({
          'last-event-id': z
            .string()
            .optional()
            .describe('Only events after this one; all of them when the id is not known.'),
        }),
        response: {
          200: {
            description: 'The events, as they happen.',
            content: { 'text/event-stream': { schema: z.string() } },
          },
          ...problems('unknown-job'),
        },
      }),
    },
    async (request, reply) => {
      await findJob(queue, request.params.id).catch((error: unknown) => {
        // A browser gives up on any other answer than this stream: it waits for Redis here.
        if (!(error instanceof MarqueeError && error.code === 'queue-unavailable')) throw error
      })
      const signal = signalOf(reply)
      const after = request.headers['last-event-id']
      const events = queue.events(request.params.id, {
        ...(after !== undefined && { after }),
        signal,
      })
      return reply
        .headers(eventStreamHeaders)
        .send(Readable.from(frames(events, keepAliveMs, signal), { objectMode: false }) as never)
    },
  )
}
