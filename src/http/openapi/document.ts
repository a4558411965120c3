import { isDeepStrictEqual } from 'node:util'
import { problemType } from '../errors/problem.ts'
import { type Operation, type Parameter, placeExample } from './example.ts'
import { keySecurity } from './operation.ts'
import { type Part, type Parts, schemaForms, sorted } from './schema-forms.ts'

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
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  for (const operation of operations) placeExample(operation)
  const parameters = shareParameters(operations)
  const responses = shareProblems(operations)
  const components = { ...document.components, parameters, responses }
  return schemaForms({ ...document, security: shareSecurity(operations), components })
}

/** Takes out of the operations that a key is needed, which holds where nothing is said. */
function shareSecurity(operations: Operation[]): Part[] {
  for (const operation of operations)
    if (isDeepStrictEqual(operation['security'], keySecurity)) delete operation['security']
  return keySecurity
}

/**
 * zod bounds every integer by what a double can hold exactly, which says nothing of it, and gives
 * every time a pattern besides its format.
 */
function withoutNoise(document: OpenApiDocument): OpenApiDocument {
  return JSON.parse(JSON.stringify(document), (_key, value) => {
    if (value?.minimum === Number.MIN_SAFE_INTEGER) delete value.minimum
    if (value?.maximum === Number.MAX_SAFE_INTEGER) delete value.maximum
    if (value?.format === 'date-time') delete value.pattern
    return value
  })
}

/** Takes problem responses out of the operations; each is named by the codes that it describes. */
function shareProblems(operations: Operation[]): Parts {
  const kept: Parts = {}
  for (const { responses } of operations)
    for (const [status, response] of Object.entries(responses)) {
      if (!(problemType in (response.content ?? {}))) continue
      const codes = [...String(response['description']).matchAll(/`([a-z-]+)`:/g)]
      const name = codes.map(([, code]) => pascalCase(code!)).join('Or')
      kept[name] = response
      responses[status] = { $ref: `#/components/responses/${name}` }
    }
  return sorted(kept)
}

/** Takes parameters that several operations have, alike in all, out of them. */
function shareParameters(operations: Operation[]): Parts {
  const kept: Parts = {}
  const all = operations.flatMap(({ parameters = [] }) => parameters)
  const shared = (parameter: Parameter) => {
    const name = pascalCase(parameter.name)
    if (all.filter((other) => isDeepStrictEqual(other, parameter)).length > 2)
      kept[name] ??= parameter
    return isDeepStrictEqual(kept[name], parameter)
      ? ({ $ref: `#/components/parameters/${name}` } as Part as Parameter)
      : parameter
  }
  for (const operation of operations)
    if (operation.parameters) operation.parameters = operation.parameters.map(shared)
  return sorted(kept)
}

function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase())
}
