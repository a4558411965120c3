import type { FastifySchemaCompiler } from 'fastify'
import type { z } from 'zod'
import { type InputProblem, MarqueeError } from '../../errors.ts'

type Check = (data: unknown) => boolean
const quickChecks = new WeakMap<z.ZodType, Check>()

/**
 * A schema with a check that is true for nothing but what the schema takes as it stands: for bodies
 * so large that zod's copy of them would cost as much as the answer. Where it is false, zod judges.
 */
export function quick<Schema extends z.ZodType>(schema: Schema, isPlainlyValid: Check): Schema {
  quickChecks.set(schema, isPlainlyValid)
  return schema
}

/** Checks each part of a request with its zod schema; the handler gets what the schema made of it. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const isPlainlyValid = quickChecks.get(schema)
  return (data: unknown) => {
    if (isPlainlyValid?.(data)) return { value: data }
    const result = schema.safeParse(data)
    if (result.success) return { value: result.data }
    return { error: invalidRequest(result.error.issues, httpPart ?? 'body') }
  }
}

/** Where the pointers of each part start; those of the body are pointers into the body. */
const pointerRoots: Record<string, string> = { querystring: '/query', params: '/path' }
const maxProblems = 20

/** What is wrong with a part of a request, as an error whose pointers start in that part. */
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
    return issue.keys.map((key) => {
      return { pointer: pointer + pointerPart(key), detail: 'There is no such field here' }
    })
  return [{ pointer, detail: issue.message }]
}

/** One step of a JSON pointer (RFC 6901). */
function pointerPart(key: PropertyKey): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
}
