import { z } from 'zod'
import {
  type ArmTally,
  arms,
  conversionKinds,
  experimentName,
  type Tally,
} from '../../../model/experiments/experiment.ts'
import { compareArms, decisions, level } from '../../../model/experiments/figures.ts'
import type { Arms } from '../../../serving/experiment/experiment-arms.ts'
import { keyName } from '../../access.ts'
import type { App } from '../../app-type.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import type { Counted, Experiments } from './lifecycle.ts'

const params = z.object({ name: experimentName.describe('The name of an experiment.') })

const wishSchema = z
  .strictObject({
    treatment: z.string().max(64).describe('The version that may take the place of what serves.'),
    share: z.number().min(0.01).max(0.99).default(0.5).describe('The share of users who get it.'),
    windowDays: z
      .number()
      .min(0.0001)
      .max(90)
      .default(7)
      .describe('A recommended movie that is rated within so many days is a conversion.'),
    counts: z
      .enum(conversionKinds)
      .default('ratings')
      .describe('Whether any rating is one, or a like alone.'),
  })
  .meta({ id: 'ExperimentRequest' })

const armFigures = z
  .object({
    users: z.int().describe('Who were shown a list.'),
    lists: z.int().describe('That were shown to them.'),
    converted: z.int().describe('Users with a conversion.'),
    conversionRate: z.number().nullable().describe('The share of users that converted.'),
    conversions: z.int().describe('Each recommended movie once for each user.'),
    conversionsPerUser: z.number().nullable(),
    meanRating: z.number().nullable().describe('Of the recommended movies that were rated.'),
  })
  .meta({ id: 'ArmFigures' })

const figuresSchema = z
  .object({
    control: armFigures,
    treatment: armFigures,
    lift: z
      .number()
      .nullable()
      .describe('By what part more often users of the treatment convert; 0.1 is 10 %.'),
    interval: z
      .object({ level: z.number(), lowest: z.number(), highest: z.number().nullable() })
      .describe('Where the lift lies: at all times together with the probability `level`.'),
    pValue: z
      .number()
      .describe('The chance that equal models ever look as different, however often one looks.'),
    decision: z
      .enum(decisions)
      .describe(
        'The arm that is better, from a `pValue` of 0.05 on; "unbalanced" where the arms have numbers of users that their share hardly gives: then something is wrong with who is shown lists.',
      ),
  })
  .meta({ id: 'ExperimentFigures' })

const experimentSchema = z
  .object({
    name: z.string(),
    state: z.enum(['running', 'ended']),
    control: z.string().describe('The version that served when it began.'),
    treatment: z.string(),
    share: z.number(),
    windowDays: z.number(),
    counts: z.enum(conversionKinds),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
    promoted: z
      .enum(arms)
      .nullable()
      .describe('The arm whose model was made to serve, at its end.'),
    note: z
      .string()
      .nullable()
      .describe('Why all users get what serves, while it runs; or why it ended by itself.'),
    figures: figuresSchema.nullable().describe('Null where Redis does not tell.'),
  })
  .meta({ id: 'Experiment' })

/** Routes of experiments: two models side by side, and what becomes of them. */
export function experimentRoutes(
  app: App,
  { experiments, serving }: { experiments: Experiments; serving: Arms },
): void {
  const shown = (counted: Counted) => viewOf(counted, serving)

  app.put(
    '/v1/experiments/:name',
    operation('admin', {
      operationId: 'startExperiment',
      summary: 'Start an experiment',
      description:
        'From now on a share of the users, by a hash of name and user id, gets everything from another model; their answers name the arm. One runs at a time. While it runs a training publishes its model and does not make it serve; whoever promotes a model, or rolls back, ends the experiment.',
      tags: ['experiments'],
      params,
      body: wishSchema,
      response: {
        ...answer(200, 'It runs.', experimentSchema),
        ...problems(
          'unknown-model',
          'experiment-running',
          'experiment-ended',
          'no-model',
          'too-large',
          'unsupported-media-type',
        ),
      },
    }),
    async ({ params: { name }, body }) => shown(await experiments.start({ name, ...body })),
  )

  app.get(
    '/v1/experiments',
    operation('read', {
      operationId: 'listExperiments',
      summary: 'List the experiments',
      tags: ['experiments'],
      response: {
        ...answer(
          200,
          'The one that runs, then the ended ones, newest first.',
          z.object({ items: z.array(experimentSchema) }).meta({ id: 'ExperimentList' }),
        ),
        ...problems(),
      },
    }),
    async () => ({ items: (await experiments.list()).map(shown) }),
  )

  app.get(
    '/v1/experiments/:name',
    operation('read', {
      operationId: 'getExperiment',
      summary: 'Get what an experiment shows',
      description:
        'It may be looked at any time, and ended for what it shows: the interval and the test allow for that. Users count once, at their first conversion; some 7,500 of them show a lift of 10 % nine times in ten.',
      tags: ['experiments'],
      params,
      response: {
        ...answer(200, 'The experiment.', experimentSchema),
        ...problems('unknown-experiment'),
      },
    }),
    async ({ params: { name } }) => shown(await experiments.find(name)),
  )

  app.post(
    '/v1/experiments/:name/end',
    operation('admin', {
      operationId: 'endExperiment',
      summary: 'End an experiment',
      description: 'From now on all users get what serves.',
      tags: ['experiments'],
      params,
      body: z.strictObject({
        promote: z
          .enum(arms)
          .nullable()
          .describe('The arm whose model is to serve everybody; null for what serves now.'),
      }),
      response: {
        ...answer(200, 'It has ended.', experimentSchema),
        ...problems(
          'unknown-experiment',
          'experiment-ended',
          'invalid-model',
          'too-large',
          'unsupported-media-type',
        ),
      },
    }),
    async (request) => {
      const { name } = request.params
      const by = keyName(request)
      return shown(await experiments.end(name, request.body.promote, by))
    },
  )

  app.delete(
    '/v1/experiments/:name',
    operation('admin', {
      operationId: 'deleteExperiment',
      summary: 'Delete an experiment',
      description: 'It stops, if it runs, and nothing is kept of it.',
      tags: ['experiments'],
      params,
      response: {
        204: z.null().describe('It is gone.'),
        ...problems('unknown-experiment', 'log-unavailable'),
      },
    }),
    async ({ params: { name } }, reply) => {
      await experiments.remove(name)
      return reply.code(204).send(null)
    },
  )
}

function viewOf({ experiment, tally }: Counted, serving: Arms): z.output<typeof experimentSchema> {
  const { name, control, treatment, share, windowDays, counts, startedAt } = experiment
  const asked = { name, control, treatment, share, windowDays, counts, startedAt }
  const figures = tally && figuresOf(tally, share)
  if ('endedAt' in experiment) {
    const { endedAt, promoted, reason: note } = experiment
    return { ...asked, state: 'ended', endedAt, promoted, note, figures }
  }
  const here = serving.experiment()
  const note = here?.experiment.id === experiment.id ? here.refusal : 'It is not loaded here yet.'
  return { ...asked, state: 'running', endedAt: null, promoted: null, note, figures }
}

function figuresOf(tally: Tally, share: number): z.output<typeof figuresSchema> {
  const { interval, ...compared } = compareArms(tally, share)
  return {
    control: armFiguresOf(tally.control),
    treatment: armFiguresOf(tally.treatment),
    ...compared,
    interval: { level, ...interval },
  }
}

function armFiguresOf({ users, lists, converted, conversions, ratings, ratingSum }: ArmTally) {
  return {
    ...{ users, lists, converted, conversions },
    conversionRate: users > 0 ? converted / users : null,
    conversionsPerUser: users > 0 ? conversions / users : null,
    meanRating: ratings > 0 ? ratingSum / ratings : null,
  }
}
