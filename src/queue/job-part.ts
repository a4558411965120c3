import { z } from 'zod'
import { workKinds } from './work-kinds.ts'

/** A part of a job, which any worker takes; the job waits for its parts and collects them. */
export const partPayloadSchema = z.strictObject({
  kind: z.literal('part'),
  /** The id of the job. */
  of: z.string(),
  /** The kind of the job; parts of earlier releases do not say it. */
  ofKind: z.enum(workKinds).optional(),
  /** Names it among the parts of the job. */
  part: z.string().regex(/^[a-z0-9.]{1,32}$/),
  /** What the progress of the job counts, of all parts together. */
  unit: z.string(),
  total: z.number(),
  /** The share of the job that all parts are. */
  base: z.number().default(1),
  /** The engine that it needs and not every worker has. */
  engine: z.string().optional(),
  /** What the part alone needs to know. */
  task: z.json(),
})
export type PartPayload = z.infer<typeof partPayloadSchema>

/** The id of a part; jobs have the id `job-…`. */
export function partId({ of, part }: Pick<PartPayload, 'of' | 'part'>): string {
  return `part-${of.slice('job-'.length)}-${part}`
}

/** The id of a job, from it or from that of a part. */
export function jobOf(id: string): string {
  const [, whole] = /^part-([0-9a-f]{24})-/.exec(id) ?? []
  return whole === undefined ? id : `job-${whole}`
}
