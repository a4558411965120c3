import { z } from 'zod'
import { epochSchema, versionPattern } from '../model/card.ts'
import { trainingSpecSchema } from '../model/training-spec.ts'

/** What the server hands to a worker; both sides parse it. */
export const payloadSchema = z.strictObject({
  spec: trainingSpecSchema,
  /** The version that the model will have, whichever attempt finishes it. */
  version: z.string().regex(versionPattern),
  /** The ratings there were when the job was asked for; with the spec it says what "identical" is. */
  dataVersion: z.string(),
})
export type Payload = z.infer<typeof payloadSchema>

export const jobStates = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const

/** A training job as its users see it. */
export const jobSchema = z.object({
  id: z.string(),
  state: z.enum(jobStates),
  spec: trainingSpecSchema,
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  attempts: z.int().describe('How often a worker has taken it up.'),
  epochs: z.array(epochSchema).describe('The epochs of the present attempt.'),
  model: z.string().nullable().describe('The version it published; null before that.'),
  error: z
    .object({ code: z.string(), detail: z.string() })
    .nullable()
    .describe('Why it failed; null unless it did.'),
})
export type TrainingJob = z.infer<typeof jobSchema>
