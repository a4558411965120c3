import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { bodyParameters } from '../../../model/spec/list-parameters.ts'
import type { Serving, Snapshots } from '../../../serving/serving.ts'
import type { App } from '../../app-type.ts'
import { toMarqueeError } from '../../errors/problem.ts'
import { isOneProfile, notOneProfile, profileFields } from '../../in/profile-fields.ts'
import { checked, invalidRequest } from '../../in/validation.ts'
import { operation, problems } from '../../openapi/operation.ts'
import { listAnswer } from '../../out/list-answer.ts'
import { ndjson, ndjsonType } from '../../out/ndjson.ts'
import type { Occurrences } from '../experiments/occurrences.ts'

const profileSchema = z.strictObject(profileFields).refine(isOneProfile, notOneProfile)

const { cursor: _, ...sharedParameters } = bodyParameters
const bodySchema = z
  .strictObject({
    users: z
      .array(z.unknown())
      .min(1)
      .max(10_000)
      .describe(
        'Each an object with a `userId`, or with the `ratings` of somebody unknown. One that is neither spoils no other.',
      ),
    ...sharedParameters,
  })
  .meta({ id: 'RecommendationBatchRequest' })
type Parameters = Omit<z.output<typeof bodySchema>, 'users'>

const description =
  'One line of JSON for each of `users`, in their order, all from one model (from that of their arm, while an experiment runs): what `POST /v1/recommendations` answers, or `{"line": …, "code": …, "detail": …, "errors": […]}` where there is something wrong with that user, `line` counting from 0. The lines are made as they are read.'

/** Route of recommendations for many profiles at once. */
export function recommendationBatchRoutes(
  app: App,
  { serving, occurrences }: { serving: Serving; occurrences: Occurrences },
): void {
  app.post(
    '/v1/recommendations/batch',
    operation('read', {
      operationId: 'recommendMoviesToMany',
      own: { usersOf },
      isLong: true,
      summary: 'Recommend movies to many users',
      description,
      tags: ['recommendations'],
      body: bodySchema,
      response: {
        200: {
          description: 'A line for each user.',
          content: { 'application/x-ndjson': { schema: z.string() } },
        },
        ...problems('no-model', 'too-large', 'unsupported-media-type'),
      },
    }),
    async (request, reply) => {
      const { users, ...wanted } = request.body
      const snapshots = serving.snapshots()
      const lines = ndjson(users.entries(), ([line, user]) =>
        lineOf(snapshots, user, wanted, occurrences).catch((error: unknown) =>
          errorOf(error, line, request),
        ),
      )
      return reply.type(ndjsonType).send(Readable.from(lines, { objectMode: false }) as never)
    },
  )
}

function usersOf({ users }: z.output<typeof bodySchema>) {
  return users.map((user) => Object(user).userId)
}

async function lineOf(
  snapshots: Snapshots,
  user: unknown,
  wanted: Parameters,
  occurrences: Occurrences,
) {
  const { success, data, error } = checked(profileSchema, user)
  if (!success) throw invalidRequest(error.issues, 'body')
  const snapshot = snapshots(data.userId)
  return occurrences.shown(snapshot, data.userId, await listAnswer(snapshot, data, wanted))
}

function errorOf(thrown: unknown, line: number, { id: reqId, log }: FastifyRequest) {
  const { code, message, problems: errors } = toMarqueeError(thrown)
  if (code === 'internal') log.error({ reqId, err: thrown }, 'A line of a batch failed by a fault.')
  return { line, code, detail: message, errors }
}
