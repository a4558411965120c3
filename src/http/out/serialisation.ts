import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import type { FastifySerializerCompiler } from 'fastify'
import { z } from 'zod'

const compile = SerializerSelector()({}, {})
type Serialiser = ReturnType<typeof compile>

/**
 * Without the names of schemas all stands in one place, which makes for plainer code than
 * references.
 */
const noNames = z.registry<Record<string, unknown>>()

/** Many routes share a schema, above all that of problems: each is compiled once. */
const compiled = new WeakMap<z.ZodType, Serialiser>()

type Write<Output = unknown> = (data: Output) => string | undefined
const writers = new WeakMap<z.ZodType, Write<never>>()

/** A schema with what writes the same as its serialiser, or leaves it to that by `undefined`. */
export function writtenBy<Schema extends z.ZodType>(
  schema: Schema,
  write: Write<z.output<Schema>>,
): Schema {
  writers.set(schema, write)
  return schema
}

/** Those that are not generated yet. */
let waiting: (() => void)[] = []

/** Generates all serialisers, which takes a quarter of a second: else each is when first used. */
export function generateSerialisers(): void {
  for (const generate of waiting) generate()
  waiting = []
}

/**
 * Writes answers with Fastify's own generated serialisers, from the JSON Schema of the zod schema:
 * zod's serialiser would check every answer again, which costs more than the rest of a request.
 */
export const serializerCompiler: FastifySerializerCompiler<z.ZodType> = ({
  schema,
  httpStatus = '',
  method,
  url,
}) => {
  const known = compiled.get(schema)
  if (known) return known
  const generate = (): Serialiser => {
    const jsonSchema = z.toJSONSchema(schema, {
      ...{ target: 'draft-7', io: 'output' },
      metadata: noNames,
    })
    return jsonSchema.anyOf
      ? (JSON.stringify as Serialiser)
      : compile({ method, url, httpStatus, schema: withoutShapes(jsonSchema) })
  }
  let generated: Serialiser | undefined
  const write = writers.get(schema)
  const serialiser: Serialiser = (data) => {
    const text = write?.(data as never)
    if (text !== undefined) return text
    generated ??= generate()
    return generated(data)
  }
  waiting.push(() => {
    generated ??= generate()
  })
  compiled.set(schema, serialiser)
  return serialiser
}

/**
 * The schema with anything in place of what has one of several shapes: generated code would check
 * every answer to find out which, with validators whose compiling takes a second when first used.
 * What is of one shape or null stays.
 */
function withoutShapes<Part>(part: Part): Part {
  if (Array.isArray(part)) return part.map(withoutShapes) as Part
  if (typeof part !== 'object' || part === null) return part
  const { anyOf, oneOf, ...rest } = part as Record<string, unknown>
  const shapes = (anyOf ?? oneOf) as Record<string, unknown>[] | undefined
  if (!Array.isArray(shapes))
    return Object.fromEntries(
      Object.entries(part).map(([key, value]) => [key, withoutShapes(value)]),
    ) as Part
  const [shape, ...others] = shapes.filter(({ type }) => type !== 'null')
  const isOne = others.length === 0 && typeof shape?.['type'] === 'string'
  return (isOne ? { ...rest, ...withoutShapes(shape), nullable: true } : {}) as Part
}
