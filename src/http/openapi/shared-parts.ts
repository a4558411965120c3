import { isDeepStrictEqual } from 'node:util'
import { problemType } from '../errors/problem.ts'
import { keySecurity } from './operation.ts'
import {
  type Media,
  type Operation,
  type Parameter,
  type Part,
  type Parts,
  refTo,
  sorted,
} from './part.ts'

/** An operation and the path that it is of. */
export type Placed = { readonly path: string; readonly operation: Operation }

/** Takes out of the operations that a key is needed, which holds where nothing is said. */
export function shareSecurity(operations: readonly Placed[]): Part[] {
  for (const { operation } of operations)
    if (isDeepStrictEqual(operation['security'], keySecurity)) delete operation['security']
  return keySecurity
}

/**
 * Takes problem responses out of the operations. Each is named by the codes that it describes, but
 * for those which every answer of its status may have.
 */
export function shareProblems(operations: readonly Placed[]): Parts {
  const problems = operations.flatMap(({ operation: { responses } }) =>
    Object.entries(responses)
      .filter(([, { content = {} }]) => problemType in content)
      .map(([status, response]) => ({ status, response, responses, codes: codesOf(response) })),
  )
  const isCommon = (status: string, code: string) =>
    problems.every((other) => other.status !== status || other.codes.includes(code))
  const kept: Parts = {}
  for (const { status, response, responses, codes } of problems) {
    const special = codes.filter((code) => !isCommon(status, code))
    const name = (special.length > 0 ? special : codes.slice(0, 1)).map(pascalCase).join('Or')
    kept[name] = response
    responses[status] = refTo('responses', name)
  }
  return sorted(kept)
}

function codesOf({ description }: Part): string[] {
  return [...String(description).matchAll(/`([a-z-]+)`:/g)].map(([, code]) => code!)
}

/** Takes parameters that several operations have, alike in all, out of them. */
export function shareParameters(operations: readonly Placed[]): Parts {
  const kept: Parts = {}
  const all = operations.flatMap(({ operation: { parameters = [] } }) => parameters)
  const shared = (path: string, parameter: Parameter) => {
    const name = nameOf(path, parameter)
    if (isRepeated(parameter, all)) kept[name] ??= parameter
    const isKept = isDeepStrictEqual(kept[name], parameter)
    return isKept ? (refTo('parameters', name) as Part as Parameter) : parameter
  }
  for (const { path, operation } of operations)
    if (operation.parameters)
      operation.parameters = operation.parameters.map((one) => shared(path, one))
  return sorted(kept)
}

/** `id` of `/v1/imports/{id}` as `ImportId`; other names say themselves what they are of. */
function nameOf(path: string, { name }: Parameter): string {
  const [, resources = ''] = /([a-z-]+)\/\{(?:id|name|version)\}/.exec(path) ?? []
  const isOfResource = path.includes(`${resources}/{${name}}`) && resources !== ''
  return pascalCase(isOfResource ? `${resources.replace(/(?<=ch)es$|s$/, '')}-${name}` : name)
}

/** Takes headers of answers that several operations have out of them. */
export function shareHeaders(operations: readonly Placed[]): Parts {
  const kept: Parts = {}
  for (const { operation } of operations)
    for (const { headers = {} } of Object.values(operation.responses))
      for (const [name, header] of Object.entries(headers)) {
        kept[name] ??= header
        if (isDeepStrictEqual(kept[name], header)) headers[name] = refTo('headers', name)
      }
  return sorted(kept)
}

/** Takes examples of answers that several operations give, each named by its schema, out of them. */
export function shareExamples(operations: readonly Placed[]): Parts {
  const media = operations
    .flatMap(({ operation }) => Object.values(operation.responses))
    .flatMap(({ content }) => Object.values(content ?? {}))
  const all = media.map(({ example }) => example)
  const kept: Parts = {}
  for (const one of media) {
    const name = String(one.schema?.['$ref']).split('/').pop()!
    if (one.example === undefined || !isRepeated(one.example, all)) continue
    kept[name] ??= { value: one.example }
    if (isDeepStrictEqual(kept[name], { value: one.example })) show(one, name)
  }
  return sorted(kept)
}

function show(media: Media, name: string): void {
  delete media.example
  media.examples = { shown: refTo('examples', name) }
}

function isRepeated(part: unknown, all: readonly unknown[]): boolean {
  return all.filter((other) => isDeepStrictEqual(other, part)).length > 1
}

function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase())
}
