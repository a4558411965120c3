import type { FastifySchemaCompiler } from 'fastify'
import { z } from 'zod'
import { type InputProblem, MarqueeError } from '../../errors.ts'
import { suggest } from '../../suggest.ts'

type Read<Output = unknown> = (data: unknown) => Output | undefined
const quickReads = new WeakMap<z.core.$ZodType, Read>()

/**
 * A schema with a check that is true for nothing but what the schema takes as it stands: for bodies
 * so large that zod's copy of them would cost as much as the answer. Where it is false, zod judges.
 */
export function quick<Schema extends z.ZodType>(
  schema: Schema,
  isPlainlyValid: (data: unknown) => boolean,
): Schema {
  return quickly(schema, (data) => (isPlainlyValid(data) ? (data as z.output<Schema>) : undefined))
}

/** A schema with what makes the same of data as zod does, or leaves it to zod by `undefined`. */
export function quickly<Schema extends z.ZodType>(
  schema: Schema,
  read: Read<z.output<Schema>>,
): Schema {
  quickReads.set(schema, read)
  return schema
}

/**
 * Reads an object of these fields and no others, each by itself; what is not there has its default. Zod
 * looks for every field, and of a list most are not there.
 */
export function readFields<Fields extends z.ZodRawShape>(
  fields: Fields,
): Read<z.output<z.ZodObject<Fields>>> {
  const defaults = z.object(fields).parse({})
  return (data) => {
    if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined
    const read: Record<string, unknown> = { ...defaults }
    for (const name in data) {
      if (!Object.hasOwn(fields, name)) return undefined
      const value = readField(fields[name]!, (data as Record<string, unknown>)[name])
      if (value === undefined) return undefined
      read[name] = value
    }
    return read as z.output<z.ZodObject<Fields>>
  }
}

function readField(schema: z.core.$ZodType, given: unknown): unknown {
  return quickReads.get(schema)?.(given) ?? z.safeParse(schema, given).data
}

/** An object with these members and no other. */
export function hasKeys<Key extends string>(
  value: unknown,
  ...keys: Key[]
): value is Record<Key, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  let count = 0
  for (const _ in value) count += 1
  return count === keys.length && keys.every((key) => Object.hasOwn(value, key))
}

/**
 * A compiler of zod schemas to checks of a request's parts; the handler gets what the schema made.
 */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const read = quickReads.get(schema)
  return (data: unknown) => {
    const plain = read?.(data)
    if (plain !== undefined) return { value: plain }
    const { success, data: value, error } = checked(schema, data)
    return success ? { value } : { error: invalidRequest(error.issues, httpPart ?? 'body') }
  }
}

/**
 * The result of zod's check, in which an issue with an unknown field names those that are known.
 */
export function checked<Schema extends z.ZodType>(schema: Schema, data: unknown) {
  return schema.safeParse(data, { error: knownFields })
}

/** The fields of the object in question: in a union, of the branch that was chosen. */
const knownFields: z.core.$ZodErrorMap = ({ code, inst }) =>
  code === 'unrecognized_keys' ? Object.keys((inst as z.ZodObject).shape).join() : undefined

/** The beginning of the pointers into each part; those of the body are pointers into the body. */
const pointerRoots: Record<string, string> = { querystring: '/query', params: '/path' }
const maxProblems = 20
/** Fields of other services, and of earlier releases, and what they are called here. */
const renamed: Readonly<Record<string, string>> = { limit: 'n', size: 'n', count: 'n' }
/** Of what is sent as a name, so much is compared with the names of fields. */
const longestName = 64

/** An error of `checked` as one of ours, with pointers that start in the part of the request. */
export function invalidRequest(
  issues: readonly z.core.$ZodIssue[],
  httpPart: string,
): MarqueeError {
  const problems = issues
    .flatMap((issue) => problemsOf(issue, pointerRoots[httpPart] ?? ''))
    .slice(0, maxProblems)
  const sentences = problems.map(({ pointer, detail }) => `${pointer || 'The body'}: ${detail}`)
  return new MarqueeError('invalid-request', `${sentences.join('. ')}.`, { problems })
}

function problemsOf(issue: z.core.$ZodIssue, root: string): InputProblem[] {
  const pointer = root + issue.path.map(pointerPart).join('')
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, maxProblems).map((key) => {
      if (key in renamed && issue.message.split(',').includes(renamed[key]!))
        return { pointer: pointer + pointerPart(key), detail: `It is called ${renamed[key]} here` }
      const expected = suggest(key.slice(0, longestName), issue.message.split(','))
      const detail = `There is no such field here. ${expected.replace(/\.$/, '')}`
      return { pointer: pointer + pointerPart(key), detail }
    })
  return [{ pointer, detail: issue.message }]
}

/** One step of a JSON pointer (RFC 6901). */
function pointerPart(key: PropertyKey): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
}
