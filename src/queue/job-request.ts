import { z } from 'zod'
import { versionPattern } from '../model/card.ts'
import { promoteSchema } from '../model/promotion.ts'
import {
  askedBy,
  type BatchRequest,
  type BatchSpec,
  batchRequestSchema,
  batchSpecSchema,
} from '../model/spec/batch-spec.ts'
import { prioritySchema } from '../model/spec/job-priority.ts'
import { withPreset } from '../model/spec/presets.ts'
import { specSchemas, steppedSpecSchema, trainingSpecSchema } from '../model/spec/training-spec.ts'
import { tuningSpecSchema } from '../model/spec/tuning-spec.ts'

const kind = z.literal('train').optional().describe('May be left out.')

export const warmStartSchema = z
  .union([z.enum(['never', 'auto']), z.string().regex(versionPattern)])
  .meta({
    id: 'WarmStartWish',
    description:
      'From what it starts: "never" (the default), from nothing, so that a model depends on data and request alone; "auto", from the vectors of the model that serves, in fewer epochs, where it has the same algorithm, sizes and split (the card says why not); or the version of a model, an error where it does not fit. What is held out stays held out: the start has never seen it.',
  })
/** The default, "auto" or a version. */
export type WarmStartWish = z.output<typeof warmStartSchema>

const ofTrain = {
  kind,
  promote: promoteSchema.optional(),
  warmStart: warmStartSchema.optional(),
  priority: prioritySchema,
}

// Named, so that openapi.yaml says once what each algorithm's request has beside its settings.
z.object(ofTrain).meta({ id: 'TrainOptions' })

const trainRequest = z
  .discriminatedUnion('algorithm', [
    specSchemas.dot.safeExtend(ofTrain),
    specSchemas['dot-bias'].safeExtend(ofTrain),
    specSchemas.net.safeExtend(ofTrain),
    specSchemas.bayes.safeExtend(ofTrain),
  ])
  .describe('Train a model, and let it serve as `promote` says.')

const findRateRequest = z
  .strictObject({
    kind: z.literal('find-rate'),
    training: steppedSpecSchema.describe('The training that a learning rate is wanted for.'),
    priority: prioritySchema,
  })
  .describe('Find a learning rate; nothing that it trains is kept.')

/** A request for a job; without a kind it is a training. */
export const jobRequestSchema = z
  .preprocess(
    withPreset,
    z.discriminatedUnion('kind', [
      trainRequest,
      findRateRequest,
      tuningSpecSchema,
      batchRequestSchema,
    ]),
  )
  .meta({
    id: 'JobRequest',
    description: 'What to do: `train` (the default), `find-rate`, `tune` or `recommend-all`.',
  })
export type JobRequest = z.output<typeof jobRequestSchema>

/** The id of the request that asked for a job: the lines of its worker are found by it, too. */
export const reqIdSchema = z.string().max(128)

const common = {
  /** The version of the model, if one is published, whichever attempt finishes it. */
  version: z.string().regex(versionPattern),
  /** The imports when the job was asked for; with the spec it says what "identical" is. */
  dataVersion: z.string(),
  /** The key that asked for it, as it may be written down, or "schedule:" and a schedule's name. */
  askedBy: z.string().nullable().default(null),
  /** The schedule that asked for it. */
  schedule: z.string().optional(),
  reqId: reqIdSchema.optional(),
}

/** A job as the server hands it to a worker; both sides parse it. */
export const payloadSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('train'),
    spec: trainingSpecSchema,
    warmStart: warmStartSchema.default('never'),
    promote: promoteSchema.default('auto'),
    ...common,
  }),
  z.strictObject({ kind: z.literal('find-rate'), spec: steppedSpecSchema, ...common }),
  z.strictObject({ kind: z.literal('tune'), spec: tuningSpecSchema, ...common }),
  z.strictObject({ kind: z.literal('recommend-all'), spec: batchSpecSchema, ...common }),
])
export type Payload = z.infer<typeof payloadSchema>
export type PayloadOf<Kind extends Payload['kind']> = Extract<Payload, { kind: Kind }>

/** The payload of what was asked for; `input` is what a file has that it names. */
export function payloadOf(
  request: JobRequest,
  asked: Pick<Payload, 'version' | 'dataVersion' | 'askedBy' | 'schedule' | 'reqId'>,
  input?: BatchSpec['asked'],
): Payload {
  switch (request.kind) {
    case 'tune': {
      const { priority: _, ...spec } = request
      return { kind: 'tune', spec, ...asked }
    }
    case 'recommend-all':
      return { kind: 'recommend-all', spec: batchSpecOf(request, input), ...asked }
    case 'find-rate':
      return { kind: 'find-rate', spec: request.training, ...asked }
    default: {
      const { kind: _, priority: __, promote = 'auto', warmStart = 'never', ...spec } = request
      return { kind: 'train', spec, promote, warmStart, ...asked }
    }
  }
}

/** Whoever is asked for by id does not stand in Redis, but in the store. */
function batchSpecOf(request: BatchRequest, input: BatchSpec['asked'] = null): BatchSpec {
  const { users, input: _, predict, priority: __, ...rest } = request
  const asked = askedBy(request)
  const { pairs: ___, ...prediction } = predict ?? {}
  return {
    ...rest,
    ...(predict && { predict: prediction }),
    asked: asked ? { what: users ? 'users' : 'pairs', count: asked.length } : input,
  }
}

/** What makes jobs over the same data identical. */
export function workOf(payload: Payload): object {
  const {
    version: _,
    dataVersion: __,
    askedBy: ___,
    schedule: ____,
    reqId: _____,
    ...work
  } = payload
  return work
}

/** The id of the request that asked for a job; undefined where none did. */
export function reqIdOf(data: unknown): string | undefined {
  const { reqId } = Object(data)
  return reqIdSchema.safeParse(reqId).data
}
