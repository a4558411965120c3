import { z } from 'zod'

export type JsonSchema = z.core.JSONSchema.BaseSchema

/**
 * The meanings of schemas without their names: a named one would become a reference. One without a
 * meaning, as with a default alone, keeps that of what it is made of.
 */
const meanings = z.registry<{ description?: string | undefined }>()
meanings.get = ({ description }: z.core.$ZodType & { description?: string }) =>
  description === undefined ? {} : { description }

/** A zod schema as the JSON Schema of what it takes, all in one place. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', metadata: meanings })
}

/** Values that a schema takes, and its default: `whole number 1 to 1024; default 40`. */
export function describeValues(schema: JsonSchema): string {
  return schema.default === undefined
    ? valuesOf(schema)
    : `${valuesOf(schema)}; default ${valueText(schema.default)}`
}

/** Values that a schema takes: names between bars, or the bounds of a number. */
export function valuesOf(schema: JsonSchema): string {
  const alternatives = schema.anyOf ?? schema.oneOf
  if (alternatives) return alternatives.map((one) => valuesOf(one as JsonSchema)).join(' | ')
  if (schema.enum) return schema.enum.map(valueText).join(' | ')
  if (schema.const !== undefined) return valueText(schema.const)
  if (schema.type === 'null') return 'null'
  if (schema.type === 'boolean') return 'true | false'
  if (schema.type === 'integer' || schema.type === 'number') return boundsOf(schema)
  if (schema.type === 'object') return `{${Object.keys(schema.properties ?? {}).join(', ')}}`
  return `[${valuesOf(schema.items as JsonSchema)}, …]`
}

/** Text as it is, all else as JSON: both are read back by `--set`. */
export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function boundsOf(schema: JsonSchema): string {
  const { type, minimum, exclusiveMinimum, maximum, exclusiveMaximum } = schema
  const least = exclusiveMinimum === undefined ? minimum : `above ${exclusiveMinimum}`
  const most = exclusiveMaximum === undefined ? maximum : `below ${exclusiveMaximum}`
  const kind = type === 'integer' ? 'whole number' : 'number'
  if (most !== undefined && most !== Number.MAX_SAFE_INTEGER) return `${kind} ${least} to ${most}`
  const isBounded = least !== undefined && least !== Number.MIN_SAFE_INTEGER
  return isBounded ? `${kind} from ${least}` : kind
}
