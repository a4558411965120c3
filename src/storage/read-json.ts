import type { z } from 'zod'
import { MarqueeError } from '../errors.ts'

/** A value of a schema from the bytes of a JSON file; else an `invalid-model` error. */
export function readJson<Schema extends z.ZodType>(
  bytes: Uint8Array,
  schema: Schema,
  what: string,
): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch (error) {
    throw new MarqueeError('invalid-model', `Not readable: ${what}.`, { cause: error })
  }
}
