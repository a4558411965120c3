import { z } from 'zod'
import { MarqueeError } from '../../../errors.ts'
import type { Live } from '../../../live/live.ts'
import { runSchema } from '../../../queue/schedules/schedule.ts'
import type { Schedules } from '../../../queue/schedules/schedules.ts'
import type { ObjectStore } from '../../../storage/object-store.ts'
import type { App } from '../../app-type.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import { dataVersionNow } from '../training-jobs/training-jobs.ts'
import {
  scheduleParams as params,
  putScheduleSchema,
  scheduleOf,
  scheduleSchema,
  viewOf,
} from './schedule-schema.ts'

const tags = ['training']
const listSchema = z.object({ items: z.array(scheduleSchema) }).meta({ id: 'TrainingScheduleList' })

/** Routes of trainings that are asked for by the clock; workers run them. */
export function scheduleRoutes(
  app: App,
  deps: { schedules: Schedules; live: Pick<Live, 'newest'>; store: ObjectStore },
): void {
  const { schedules } = deps

  app.put(
    '/v1/schedules/:name',
    operation('admin', {
      operationId: 'putSchedule',
      summary: 'Train by the clock',
      description:
        'At each tick, one worker queues the training where enough ratings are new or the model is too old, and else records why not. What was missed because nobody was there is made up for once. The same again changes nothing.',
      tags,
      params,
      body: putScheduleSchema,
      response: {
        ...answer(200, 'The schedule, in place of what had its name.', scheduleSchema),
        ...answer(201, 'The schedule, which is new.', scheduleSchema),
        ...problems(
          'too-many-schedules',
          'queue-unavailable',
          'redis-full',
          'too-large',
          'unsupported-media-type',
        ),
      },
    }),
    async ({ params: { name }, body }, reply) => {
      const { isNew, state } = await schedules.put(name, scheduleOf(body))
      return reply.code(isNew ? 201 : 200).send(viewOf(state))
    },
  )

  app.get(
    '/v1/schedules',
    operation('read', {
      operationId: 'listSchedules',
      summary: 'List the schedules',
      description: 'Without their runs, which the single schedule has.',
      tags,
      response: {
        ...answer(200, 'All of them, by name.', listSchema),
        ...problems('queue-unavailable'),
      },
    }),
    async () => {
      const states = await schedules.list()
      return { items: states.map(viewOf).map(({ runs: _, ...listed }) => listed) }
    },
  )

  app.get(
    '/v1/schedules/:name',
    operation('read', {
      operationId: 'getSchedule',
      summary: 'Get one schedule',
      tags,
      params,
      response: {
        ...answer(200, 'The schedule, its next tick and what came of the last.', scheduleSchema),
        ...problems('unknown-schedule', 'queue-unavailable'),
      },
    }),
    async ({ params: { name } }) => viewOf(await schedules.find(name)),
  )

  app.delete(
    '/v1/schedules/:name',
    operation('admin', {
      operationId: 'deleteSchedule',
      summary: 'End a schedule',
      description: 'A training that it has queued goes on.',
      tags,
      params,
      response: {
        204: z.null().describe('It ticks no more.'),
        ...problems('unknown-schedule', 'queue-unavailable'),
      },
    }),
    async ({ params: { name } }, reply) => {
      await schedules.remove(name)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/schedules/:name/run',
    operation('admin', {
      operationId: 'runSchedule',
      summary: 'Run a schedule now',
      description: 'Whatever is new, but not while a training of it is queued or running.',
      tags,
      params,
      response: {
        ...answer(202, 'The job is queued; its address is in `Location`.', runSchema),
        ...problems(
          'unknown-schedule',
          'duplicate-job',
          'no-ratings',
          'queue-unavailable',
          'redis-full',
        ),
      },
    }),
    async ({ params: { name } }, reply) => {
      await schedules.find(name)
      const run = await schedules.run(name, await dataVersionNow(deps))
      if (run.outcome === 'skipped') throw refusalOf(run)
      return reply.code(202).header('location', `/v1/training-jobs/${run.job}`).send(run)
    },
  )
}

function refusalOf({ detail, job }: z.output<typeof runSchema>): MarqueeError {
  return job === null
    ? new MarqueeError('invalid-request', detail)
    : new MarqueeError('duplicate-job', detail, { extra: { jobId: job } })
}
