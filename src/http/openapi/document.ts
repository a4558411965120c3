import { closeRequests, openAnswer } from './closed-requests.ts'
import { placeExample } from './example.ts'
import { mapParts, type Operation, type Part, type Parts } from './part.ts'
import { schemaForms } from './schema-forms.ts'
import {
  shareExamples,
  shareHeaders,
  shareParameters,
  shareProblems,
  shareSecurity,
} from './shared-parts.ts'

export type OpenApiDocument = Part & {
  paths: Record<string, Record<string, Operation>>
  components: Part & { schemas: Parts }
}

/**
 * The document with what its operations repeat named once: schemas in as few forms as they need,
 * problem responses, examples in their places. Components are sorted by name.
 */
export function tidyDocument(collected: OpenApiDocument): OpenApiDocument {
  const document = withoutNoise(collected)
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, operation })),
  )
  for (const { operation } of operations) {
    placeExample(operation)
    for (const [status, response] of Object.entries(operation.responses))
      operation.responses[status] = openAnswer(response)
  }
  const security = shareSecurity(operations)
  const parameters = shareParameters(operations)
  const responses = shareProblems(operations)
  const examples = shareExamples(operations)
  const headers = shareHeaders(operations)
  const components = { ...document.components, parameters, responses, examples, headers }
  const tidy = schemaForms({ ...document, security, components })
  const bodies = Object.values(tidy.paths).flatMap((methods) =>
    Object.values(methods).map(({ requestBody }) => requestBody),
  )
  tidy.components.schemas = closeRequests(tidy.components.schemas, { bodies })
  return tidy
}

/**
 * zod bounds every integer by what a double can hold exactly, which says nothing of it, gives every
 * time a pattern besides its format, and has two alternatives for a value or null. A parameter that
 * may be left out need not say so.
 */
function withoutNoise(document: OpenApiDocument): OpenApiDocument {
  return mapParts(document, (part) => {
    if (part['minimum'] === Number.MIN_SAFE_INTEGER) delete part['minimum']
    if (part['maximum'] === Number.MAX_SAFE_INTEGER) delete part['maximum']
    if (part['format'] === 'date-time') delete part['pattern']
    if (part['required'] === false) delete part['required']
    return orNull(part)
  })
}

/** A number or a text, or null, as one schema of two types. */
function orNull(schema: Part): Part {
  const [one = {}, other, ...more] = Array.isArray(schema['anyOf']) ? schema['anyOf'] : []
  const isPlain = ['integer', 'number', 'string'].includes(one.type)
  const isEither = isPlain && other?.type === 'null' && more.length === 0
  if (!isEither || 'enum' in one || 'const' in one) return schema
  const { anyOf: _, ...rest } = schema
  return { ...one, ...rest, type: [one.type, 'null'] }
}
