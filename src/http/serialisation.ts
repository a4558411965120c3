import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import type { FastifySerializerCompiler } from 'fastify'
import { z } from 'zod'

const createCompiler = SerializerSelector()

/**
 * Writes answers with Fastify's own generated serialisers, from the JSON Schema of the zod schema:
 * zod's serialiser would check every answer again, which costs more than the rest of a request.
 */
export function createSerializerCompiler(): FastifySerializerCompiler<z.ZodType> {
  const compile = createCompiler({}, {})
  return ({ schema, httpStatus = '', ...route }) =>
    compile({
      ...route,
      httpStatus,
      schema: z.toJSONSchema(schema, { target: 'draft-7', io: 'output' }),
    })
}
