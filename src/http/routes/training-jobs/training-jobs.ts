import { z } from 'zod'
import { MarqueeError } from '../../../errors.ts'
import type { Live } from '../../../live/live.ts'
import { idSchema } from '../../../model/data/ids.ts'
import { askedBy, type BatchRequest } from '../../../model/spec/batch-spec.ts'
import { jobRequestSchema } from '../../../queue/job-request.ts'
import { jobSchema, jobStates, type ListedTrainingJob } from '../../../queue/job-schema.ts'
import { newJobId } from '../../../queue/producer/job-identity.ts'
import type { JobPlace } from '../../../queue/producer/job-order.ts'
import type { TrainingQueue } from '../../../queue/producer/training-queue.ts'
import { badCursor, decodeTexts, encodeTexts } from '../../../serving/text-cursor.ts'
import { type Batches, type BatchInput, openBatches } from '../../../storage/batches/batches.ts'
import type { ObjectStore } from '../../../storage/object-store.ts'
import { materialVersionOf } from '../../../storage/training-material.ts'
import { keyName } from '../../access.ts'
import type { App } from '../../app-type.ts'
import { integer, list } from '../../in/query.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import { nextCursorField } from '../../openapi/schemas.ts'

const listSchema = z
  .object({
    items: z.array(jobSchema),
    nextCursor: nextCursorField,
  })
  .meta({ id: 'TrainingJobList' })
export const jobParams = z.object({ id: idSchema.describe('The id of the job.') })

/** Routes of jobs, trainings and what prepares them: asked for here, done by a worker. */
export function trainingJobRoutes(
  app: App,
  {
    queue,
    live,
    store,
  }: {
    queue: TrainingQueue
    live: Pick<Live, 'newest'>
    store: ObjectStore
  },
): void {
  app.post(
    '/v1/training-jobs',
    operation('admin', {
      operationId: 'startTraining',
      summary: 'Ask for a training, a learning rate, a tuning or lists for all',
      description:
        'A training (`kind` "train", or none) needs only `algorithm`; everything else has a default, or with `preset` "fastai" the setting of the notebooks, and the new model serves as `promote` says once the job has ended: `promotion` of job and card tells what was decided, and why. "find-rate" looks for a learning rate, "tune" for hyper-parameters: see `result` of the job. "recommend-all" makes lists or predictions for all users, or for some, in parts on all workers: `GET /v1/batches/{id}` has them.',
      tags: ['training'],
      body: jobRequestSchema,
      response: {
        ...answer(202, 'The job is queued; its address is in `Location`.', jobSchema),
        ...problems(
          'duplicate-job',
          'no-ratings',
          'too-many-jobs',
          'queue-unavailable',
          'redis-full',
          'store-unavailable',
          'too-large',
          'unsupported-media-type',
        ),
      },
    }),
    async (request, reply) => {
      const dataVersion = await dataVersionNow({ live, store })
      const batches = openBatches(store)
      const batch = request.body.kind === 'recommend-all' ? request.body : null
      const input = batch?.input ? await inputOf(batches, queue, batch) : null
      const id = batch?.input ?? newJobId()
      const asked = batch && askedBy(batch)
      if (asked) await batches.ask(id, [...asked])
      const adding = queue.add(request.body, dataVersion, keyName(request), {
        ...{ id, input, reqId: request.id },
      })
      const added = await adding.catch(async (error: unknown) => {
        // Of a Redis that was silent it is not known whether it has the job.
        const isRefused = error instanceof MarqueeError && error.code === 'too-many-jobs'
        if (asked && isRefused) await batches.remove(id)
        throw error
      })
      if (asked && added.outcome === 'duplicate') await batches.remove(id)
      if (added.outcome === 'duplicate') {
        const why = input && added.id === id ? hasInput : 'does the same on the same imports'
        throw duplicateJob(added.id, why)
      }
      return reply
        .code(202)
        .header('location', `/v1/training-jobs/${encodeURIComponent(added.job.id)}`)
        .send(added.job)
    },
  )

  app.get(
    '/v1/training-jobs',
    operation('read', {
      operationId: 'listTrainings',
      summary: 'List the training jobs',
      description: 'Without their epochs, which the single job has.',
      tags: ['training'],
      querystring: z.strictObject({
        n: integer({ min: 1, max: 100 }).default(20).describe('How many on a page.'),
        state: list(z.array(z.enum(jobStates)).min(1))
          .default([...jobStates])
          .describe('Only jobs in any of these states; several times, or with commas.'),
        cursor: z.string().max(256).optional().describe('The `nextCursor` of the page before.'),
      }),
      response: {
        ...answer(200, 'One page, newest first.', listSchema),
        ...problems('queue-unavailable'),
      },
    }),
    async ({ query: { n, state: states, cursor } }) => {
      const after = cursor === undefined ? undefined : placeOf(cursor)
      const { jobs, next } = await queue.list({ limit: n, states, after })
      return {
        items: jobs.map(({ epochs: _, ...job }): ListedTrainingJob => job),
        nextCursor: next && encodeTexts([String(next.askedAt), next.id]),
      }
    },
  )

  app.get(
    '/v1/training-jobs/:id',
    operation('read', {
      operationId: 'getTraining',
      summary: 'Get one training job',
      tags: ['training'],
      params: jobParams,
      response: {
        ...answer(200, 'The job.', jobSchema),
        ...problems('unknown-job', 'queue-unavailable'),
      },
    }),
    async ({ params }) => findJob(queue, params.id),
  )

  app.delete(
    '/v1/training-jobs/:id',
    operation('admin', {
      operationId: 'cancelTraining',
      summary: 'Cancel a training job',
      description: 'A waiting job is cancelled at once, a running one within seconds.',
      tags: ['training'],
      params: jobParams,
      response: {
        ...answer(200, 'The job is cancelled.', jobSchema),
        ...answer(202, 'The job has been told to stop and is about to.', jobSchema),
        ...problems('unknown-job', 'job-finished', 'queue-unavailable', 'redis-full'),
      },
    }),
    async ({ params: { id } }, reply) => {
      const outcome = await queue.cancel(id)
      if (outcome === 'unknown') throw unknownJob(id)
      const job = await findJob(queue, id)
      if (outcome === 'finished')
        throw new MarqueeError(
          'job-finished',
          `Job ${id} is ${job.state} and can no longer be cancelled.`,
        )
      return reply.code(job.state === 'cancelled' ? 200 : 202).send(job)
    },
  )
}

/**
 * What is in the file that a batch is for; an `invalid-request` error where that is another kind or is
 * there no more, a `duplicate-job` one where a job has it.
 */
async function inputOf(
  batches: Batches,
  queue: TrainingQueue,
  { input = '', list, predict }: BatchRequest,
): Promise<BatchInput> {
  const refuse = (pointer: string, detail: string) =>
    new MarqueeError('invalid-request', `The request is not valid: ${pointer}: ${detail}.`, {
      problems: [{ pointer, detail }],
    })
  if (await queue.find(input)) throw duplicateJob(input, hasInput)
  const found = await batches.input(input)
  if (!found) throw refuse('/input', 'there is no such file, or not any more')
  if (found.what === 'pairs' && (list || !predict || predict.movieIds))
    throw refuse('/input', 'it has pairs; expected predict, without movieIds')
  if (found.what === 'users' && predict && !predict.movieIds)
    throw refuse('/predict/movieIds', 'expected with a file of users')
  return found
}

const hasInput = 'has this input already'

function duplicateJob(jobId: string, why: string): MarqueeError {
  return new MarqueeError('duplicate-job', `Job ${jobId} ${why}.`, { extra: { jobId } })
}

function placeOf(cursor: string): JobPlace {
  const [askedAt, id] = decodeTexts(cursor, 2) as [string, string]
  if (!/^\d{1,15}$/.test(askedAt)) throw badCursor()
  return { askedAt: Number(askedAt), id }
}

/** What there is to learn from, by name; a `no-ratings` error where there is nothing. */
export async function dataVersionNow({
  live,
  store,
}: {
  live: Pick<Live, 'newest'>
  store: ObjectStore
}): Promise<string> {
  // Where Redis is away, the queue says so.
  const newest = await live.newest().catch(() => null)
  const dataVersion = await materialVersionOf(store, newest ? [newest] : [])
  if (dataVersion !== 'empty') return dataVersion
  throw new MarqueeError('no-ratings', 'There are no ratings yet: import some first.')
}

/** The job, or an `unknown-job` error. */
export async function findJob(queue: TrainingQueue, id: string) {
  const job = await queue.find(id)
  if (!job) throw unknownJob(id)
  return job
}

function unknownJob(id: string): MarqueeError {
  return new MarqueeError('unknown-job', `There is no training job ${JSON.stringify(id)}.`)
}
