import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import type { Live } from '../../../live/live.ts'
import type { TaskRunner } from '../../../serving/thread/task-runner.ts'
import { eachSegment } from '../../../storage/exports/current-segments.ts'
import { openRatings } from '../../../storage/exports/merged-ratings.ts'
import { ratingsCsv } from '../../../storage/exports/ratings-csv.ts'
import type { ObjectStore } from '../../../storage/object-store.ts'
import { declaredScaleOf } from '../../../storage/ratings/declared-scale.ts'
import type { App } from '../../app-type.ts'
import { operation, problems } from '../../openapi/operation.ts'

/** Far over what is done at once: merging is for the thread. */
const operations = Number.POSITIVE_INFINITY

/** Route of all ratings that count, as a file. */
export function ratingsExportRoutes(
  app: App,
  { live, store, tasks }: { live: Pick<Live, 'unfolded'>; store: ObjectStore; tasks: TaskRunner },
): void {
  app.get(
    '/v1/ratings/export',
    {
      exposeHeadRoute: false,
      ...operation('admin', {
        operationId: 'exportRatings',
        isLong: true,
        summary: 'Export all ratings',
        description:
          'What a training would learn from, as MovieLens writes it: files and live ratings, one of each user and movie, within the declared scale. A time that is not known is empty.',
        tags: ['ratings'],
        response: {
          200: {
            description: 'The ratings, as they are read.',
            content: { 'text/csv': { schema: z.string() } },
          },
          ...problems('log-unavailable'),
        },
      }),
    },
    async (_request, reply) => {
      const scale = await declaredScaleOf(store)
      const { made } = await eachSegment(store, live.unfolded, (segment) => segment)
      const ratings = openRatings(await tasks.run('mergeSegments', operations, made, scale))
      void reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="ratings.csv"')
      // A client that goes away ends the stream, and that ends the parts.
      return reply.send(Readable.from(inTurns(ratingsCsv(ratings)), { objectMode: false }) as never)
    },
  )
}

/** The parts, each made when those before were taken; between two other requests get their turn. */
async function* inTurns(parts: Iterable<string>): AsyncGenerator<string> {
  for (const part of parts) {
    yield part
    await nextTurn()
  }
}
