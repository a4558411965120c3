import { z } from 'zod'
import { idSchema } from '../../../model/data/ids.ts'
import { bodyParameters } from '../../../model/spec/list-parameters.ts'
import type { Serving } from '../../../serving/serving.ts'
import type { App } from '../../app-type.ts'
import { queryParameters } from '../../in/list-parameters.ts'
import { isOneProfile, notOneProfile, profileFields } from '../../in/profile-fields.ts'
import { isId } from '../../in/query.ts'
import { hasKeys, quick, quickly, readFields } from '../../in/validation.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import { tagged, tagOf, toldOf } from '../../out/entity-tag.ts'
import { listAnswer, recommendationsSchema } from '../../out/list-answer.ts'
import type { ResponseCache } from '../../out/response-cache.ts'
import { whenThere } from '../../out/when-there.ts'
import type { Occurrences } from '../experiments/occurrences.ts'

const bodyFields = { ...profileFields, ...bodyParameters }
const readBody = readFields(bodyFields)
/** The body of `POST /v1/recommendations`, with its quick reading. */
export const recommendationBodySchema = quickly(
  z
    .strictObject(bodyFields)
    .refine(isOneProfile, notOneProfile)
    .meta({ id: 'RecommendationRequest' }),
  (data) => {
    const body = readBody(data)
    return body && isOneProfile(body) ? body : undefined
  },
)

/** The query of the list of a user, likewise. */
export const recommendationQuerySchema = quickly(
  z.strictObject(queryParameters),
  readFields(queryParameters),
)

const paramsSchema = quick(
  z.object({ userId: idSchema.describe('Any user.') }),
  (data) => hasKeys(data, 'userId') && isId(data.userId),
)

/** Routes of recommendations for one profile. */
export function recommendationRoutes(
  app: App,
  {
    serving,
    cache,
    occurrences,
  }: { serving: Serving; cache: ResponseCache; occurrences: Occurrences },
): void {
  app.get(
    '/v1/users/:userId/recommendations',
    operation('read', {
      operationId: 'recommendMovies',
      own: {},
      isDear: true,
      isTagged: true,
      summary: 'Recommend movies to a user',
      description:
        'The movies that suit the user best, each with its predicted rating. A user that the model does not know gets the movies that are liked best in general; `basis` says so.',
      tags: ['recommendations'],
      params: paramsSchema,
      querystring: recommendationQuerySchema,
      response: {
        ...answer(200, 'A page of the list.', recommendationsSchema),
        ...problems('no-model', 'expired-cursor'),
      },
    }),
    (request, reply) => {
      const { params, query } = request
      const { userId } = params
      const snapshot = serving.snapshot(userId)
      const told = toldOf(snapshot, { ...params, isList: true, isCounted: query.minRatings > 0 })
      const tag = tagOf(snapshot, told)
      const text = `${tag} ${request.url}`
      const isNoted = occurrences.shownAgain(snapshot, userId, text)
      const list = () =>
        whenThere(listAnswer(snapshot, params, query, '/query'), (made) =>
          isNoted ? made : occurrences.shown(snapshot, userId, made, text),
        )
      return tagged(request, reply, tag, list, cache)
    },
  )

  app.post(
    '/v1/recommendations',
    operation('read', {
      operationId: 'recommendMoviesTo',
      own: { usersOf: ({ userId }: z.output<typeof recommendationBodySchema>) => [userId] },
      isDear: true,
      summary: 'Recommend movies to a user, or to whoever gave these ratings',
      description:
        'As the list of a user, with its parameters in the body; or the list of somebody unknown, whose ratings are folded into the model for this answer alone (`basis` is `folded-in`, or `movie-bias` where the model knows none of the movies).',
      tags: ['recommendations'],
      body: recommendationBodySchema,
      response: {
        ...answer(200, 'A page of the list.', recommendationsSchema),
        ...problems('no-model', 'expired-cursor', 'too-large', 'unsupported-media-type'),
      },
    }),
    ({ body }) => {
      const { userId } = body
      const snapshot = serving.snapshot(userId)
      return whenThere(listAnswer(snapshot, body, body), (list) =>
        occurrences.shown(snapshot, userId, list),
      )
    },
  )
}
