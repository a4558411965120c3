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
    // Generated code would check every answer to find out which of several shapes it has.
    return jsonSchema.anyOf
      ? (JSON.stringify as Serialiser)
      : compile({ method, url, httpStatus, schema: jsonSchema })
  }
  let generated: Serialiser | undefined
  const serialiser: Serialiser = (data) => {
    generated ??= generate()
    return generated(data)
  }
  waiting.push(() => {
    generated ??= generate()
  })
  compiled.set(schema, serialiser)
  return serialiser
}
