import { z } from 'zod'
import { steppedSpecSchema, trainingSpecSchema } from '../model/spec/training-spec.ts'
import { tuningSpecSchema } from '../model/spec/tuning-spec.ts'

const [dot, dotBias, net, bayes] = trainingSpecSchema.options
const kind = z.literal('train').optional().describe('May be left out.')

const trainRequest = z
  .discriminatedUnion('algorithm', [
    dot.safeExtend({ kind }),
    dotBias.safeExtend({ kind }),
    net.safeExtend({ kind }),
    bayes.safeExtend({ kind }),
  ])
  .describe('Train a model and let it serve.')

const findRateRequest = z
  .strictObject({
    kind: z.literal('find-rate'),
    training: steppedSpecSchema.describe('The training that a learning rate is wanted for.'),
  })
  .describe('Find a learning rate; nothing that it trains is kept.')

/** What can be asked for as a job; without a kind it is a training. */
export const jobRequestSchema = z
  .discriminatedUnion('kind', [trainRequest, findRateRequest, tuningSpecSchema])
  .meta({
    id: 'JobRequest',
    description: 'What to do: `train` (the default), `find-rate` or `tune`.',
  })
export type JobRequest = z.output<typeof jobRequestSchema>
