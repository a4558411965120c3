import { z } from 'zod'
import { versionPattern } from '../model/card.ts'
import { steppedSpecSchema, trainingSpecSchema } from '../model/spec/training-spec.ts'
import { tuningSpecSchema } from '../model/spec/tuning-spec.ts'
import type { JobRequest } from './job-request.ts'

const common = {
  /** The version of the model, if one is published, whichever attempt finishes it. */
  version: z.string().regex(versionPattern),
  /** The imports there were when the job was asked for; with the spec it says what "identical" is. */
  dataVersion: z.string(),
}

/** What the server hands to a worker; both sides parse it. */
export const payloadSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('train'), spec: trainingSpecSchema, ...common }),
  z.strictObject({ kind: z.literal('find-rate'), spec: steppedSpecSchema, ...common }),
  z.strictObject({ kind: z.literal('tune'), spec: tuningSpecSchema, ...common }),
])
export type Payload = z.infer<typeof payloadSchema>
export type PayloadOf<Kind extends Payload['kind']> = Extract<Payload, { kind: Kind }>

/** The payload of what was asked for. */
export function payloadOf(request: JobRequest, version: string, dataVersion: string): Payload {
  switch (request.kind) {
    case 'tune':
      return { kind: 'tune', spec: request, version, dataVersion }
    case 'find-rate':
      return { kind: 'find-rate', spec: request.training, version, dataVersion }
    default: {
      const { kind: _, ...spec } = request
      return { kind: 'train', spec, version, dataVersion }
    }
  }
}
