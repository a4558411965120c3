import { z } from 'zod'
import type { Live } from '../../../live/live.ts'
import type { Serving } from '../../../serving/serving.ts'
import type { TaskRunner } from '../../../serving/thread/task-runner.ts'
import { eachSegment } from '../../../storage/exports/current-segments.ts'
import type { RatingCounts } from '../../../storage/exports/merged-ratings.ts'
import { eventsAfter, ratingsSince, summed } from '../../../storage/imports/ratings-since.ts'
import { countImports, type ImportCount } from '../../../storage/imports/stored-imports.ts'
import type { ObjectStore } from '../../../storage/object-store.ts'
import { declaredScaleOf } from '../../../storage/ratings/declared-scale.ts'
import { type LiveMark, laterMarks, marksOf } from '../../../storage/segments/live-marks.ts'
import { segmentNames } from '../../../storage/segments/segment-names.ts'
import type { App } from '../../app-type.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'

const statisticsSchema = z
  .object({
    ratings: z.int().describe('One of each user and movie, within the declared scale.'),
    users: z.int().describe('Users with a rating.'),
    movies: z.int().describe('Movies with a rating.'),
    catalogue: z.int().describe('Movies that were imported or described.'),
    newest: z.iso.datetime().nullable().describe('The latest time of a rating, where any has one.'),
    sources: z.object({
      imports: z.object({
        imports: z.int().describe('Imports of ratings.'),
        ratings: z.int().describe('Their lines, repeated ones too.'),
      }),
      live: z.object({ events: z.int().describe('Ratings told or taken back by themselves.') }),
    }),
    sinceModel: z
      .object({
        model: z.string().describe('The version that serves.'),
        imports: z.int().describe('Imports of ratings that its data lack.'),
        ratings: z.int().describe('Their lines.'),
        live: z.int().describe('Live events that its data lack.'),
      })
      .nullable()
      .describe(
        'What came after the data of the serving model; null before the first, and for one of an earlier release.',
      ),
  })
  .meta({ id: 'Statistics' })

type Deps = {
  live: Pick<Live, 'newest' | 'unfolded'>
  serving: Serving
  store: ObjectStore
  tasks: TaskRunner
}

/** Route of counts of what the store has. */
export function statisticsRoutes(app: App, deps: Deps): void {
  const countsOf = countOnce(deps)
  app.get(
    '/v1/statistics',
    operation('read', {
      operationId: 'getStatistics',
      isLong: true,
      summary: 'Count what is stored',
      description:
        'The first answer after a change reads all ratings, as long as a training takes to begin. Without Redis, live ratings that only it has are left out.',
      tags: ['imports'],
      response: { ...answer(200, 'The counts.', statisticsSchema), ...problems() },
    }),
    async () => {
      const { live, serving, store } = deps
      const told = await live.newest().catch(() => null)
      const marks = laterMarks(
        marksOf(await segmentNames(store, 'ratings')),
        told === null ? [] : [told],
      )
      const imports = await countImports(store)
      const { newest, ...counts } = await countsOf(marks, imports, told !== null)
      const card = serving.findSnapshot()?.card
      return {
        ...counts,
        catalogue: serving.catalogue().size,
        newest: newest === null ? null : new Date(newest * 1_000).toISOString(),
        sources: { imports: summed(imports), live: { events: eventsAfter(marks, []) } },
        sinceModel: card?.data.live
          ? {
              model: card.version,
              ...ratingsSince(card.data, imports, marks),
            }
          : null,
      }
    },
  )
}

/**
 * Counts all ratings, once for each state of the store and the log, and one state at a time: who
 * asks meanwhile waits for the count after it, all for the same one.
 */
function countOnce({ live, store, tasks }: Deps) {
  let counted: { version: string; counts: Promise<RatingCounts> } | null = null
  let running: Promise<unknown> = Promise.resolve()
  /** A count that has not begun: it will be of all that was told until then. */
  let next: Promise<RatingCounts> | null = null
  return async (
    marks: readonly LiveMark[],
    imports: readonly ImportCount[],
    hasRedis: boolean,
  ): Promise<RatingCounts> => {
    const scale = await declaredScaleOf(store)
    const version = JSON.stringify([scale, marks, imports, hasRedis])
    if (counted?.version === version) return counted.counts
    if (next) return next
    const unfolded = hasRedis ? live.unfolded : async () => []
    const count = async () => {
      next = null
      const { made } = await eachSegment(store, unfolded, (segment) => segment)
      return tasks.run('countRatings', Number.POSITIVE_INFINITY, made, scale)
    }
    const counts = running.then(count)
    next = counts
    counted = { version, counts }
    running = counts.catch(() => {
      counted = null
    })
    return counts
  }
}
