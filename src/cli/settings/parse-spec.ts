import type { z } from 'zod'
import { MarqueeError } from '../../errors.ts'
import { checked } from '../../http/in/validation.ts'
import { suggest } from '../../suggest.ts'
import { type JsonSchema, jsonSchemaOf } from './describe-values.ts'
import { hasOption } from './read-settings.ts'

/** Options of every command that trains. */
export type TrainingOptions = {
  readonly engine: string
  readonly seed: number
  readonly valid: number
  readonly split: string
  /** As given: NAME=VALUE. */
  readonly set: readonly string[]
}

/** The fields of a training or tuning that options give. */
export function fieldsFor({ engine, seed, valid, split }: Omit<TrainingOptions, 'set'>) {
  return { engine, seed, split: { method: split, valid } }
}

/** Members that stand before the settings of a tuning in the path to an issue. */
const space = 'space'

/** The training or tuning that was asked for; an `invalid-request` error says what is wrong. */
export function parseSpec<Spec>(
  schema: z.ZodType<Spec>,
  input: { readonly algorithm: string; readonly [field: string]: unknown },
): Spec {
  const result = checked(schema, input)
  if (result.success) return result.data
  const { path, message, ...issue } = result.error.issues[0]!
  const setting = path[0] === space ? path.slice(1) : path
  if (issue.code !== 'unrecognized_keys')
    throw invalid(`${setting.length > 0 ? `${setting.join('.')}: ` : ''}${message}.`)
  const [key = ''] = issue.keys
  const name = [...setting, key].join('.')
  const known = message.split(',').filter((other) => path.length > 0 || !hasOption(other))
  throw invalid(`--set ${name}: ${input.algorithm} has no such setting. ${suggest(key, known)}`)
}

/** The fields that a training or tuning of an algorithm has, as JSON Schemas by name. */
export function fieldsOf(schema: z.ZodType, algorithm: string): Record<string, JsonSchema> {
  const { oneOf = [] } = jsonSchemaOf(schema)
  const fields = oneOf.map((branch) => fieldsIn(branch as JsonSchema))
  return fields.find((some) => some['algorithm']!.const === algorithm) ?? {}
}

/** The fields of an object, also of one that may be something else instead. */
export function fieldsIn({ properties, anyOf = [] }: JsonSchema): Record<string, JsonSchema> {
  if (properties) return properties as Record<string, JsonSchema>
  return Object.assign({}, ...anyOf.map((one) => fieldsIn(one as JsonSchema)))
}

function invalid(message: string): MarqueeError {
  return new MarqueeError('invalid-request', message)
}
