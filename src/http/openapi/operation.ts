import type { z } from 'zod'
import { type ErrorCode, errorCodes } from '../../errors.ts'
import type { Access, OwnUser } from '../access.ts'
import { problemSchema, problemType } from '../errors/problem.ts'

/** Names of the ways to present a key, as the OpenAPI document declares them. */
export const keySecurity = [{ bearer: [] }, { apiKey: [] }]

/** The ways of a route: of user tokens with the scope that it asks for. */
function securityOf(access: Access, own: OwnUser | undefined) {
  if (access === 'anyone') return []
  if (access !== 'public' && own === undefined) return keySecurity
  return [...keySecurity, { userToken: own?.scope === undefined ? [] : [own.scope] }]
}

/** Whom a route is for, in a sentence. */
function callersOf(access: Access, own: OwnUser | undefined): string {
  if (access === 'anyone') return 'For anybody, without a key.'
  const key = `Role: \`${access}\`${access === 'admin' ? '' : ' or higher'}`
  if (access === 'public') return `${key}, and for user tokens.`
  if (own === undefined) return `${key}.`
  const token =
    own.scope === undefined ? 'a user token' : `a user token with the scope "${own.scope}"`
  return `${key}; with ${token} for its own user${own.usersOf ? ', by `userId`' : ''}.`
}

type Description = {
  operationId: string
  summary: string
  tags: readonly string[]
  description?: string
  /** That a user token opens it, too, for the user of the token. */
  own?: OwnUser
  /** True where answers have an ETag, see `tagged`. */
  isTagged?: boolean
  /** True where the header Idempotency-Key keeps a request from being done twice. */
  isOnce?: boolean
  /** True of what front ends ask for all the time: where nobody is known it makes no line of the audit. */
  isFrequent?: boolean
  /** True where an answer may cost a millisecond or more: refused first when too much is asked. */
  isDear?: boolean
  /** True where an answer takes long, line by line or by reading the store. */
  isLong?: boolean
}

/** A route's options: who may call it, and what the OpenAPI document says of it. */
export function operation<const Schema extends Description>(
  access: Access,
  { own, isTagged, isOnce, isFrequent, isDear, isLong, ...schema }: Schema,
) {
  const { description = '' } = schema
  return {
    config: { access, own, isTagged, isOnce, isFrequent, isDear, isLong },
    schema: {
      ...schema,
      description: `${description} ${callersOf(access, own)}`.trim(),
      security: securityOf(access, own),
    },
  }
}

/** One good answer, under its status. */
export function answer<const Status extends number, Schema extends z.ZodType>(
  status: Status,
  description: string,
  schema: Schema,
): {
  [Key in Status]: { description: string; content: { 'application/json': { schema: Schema } } }
} {
  const documented = { description, content: { 'application/json': { schema } } }
  return { [status]: documented } as { [Key in Status]: typeof documented }
}

/**
 * The problem documents of a route that needs a key: those of its own, and those of every such
 * route.
 */
export function problems(...codes: ErrorCode[]) {
  return publicProblems(
    ...codes,
    'unauthorized',
    'too-many-requests',
    'too-many-wrong-keys',
    'overloaded',
    'shutting-down',
  )
}

/** The problem documents of a route that needs no key. */
export function publicProblems(...codes: ErrorCode[]) {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of [...codes, 'invalid-request', 'forbidden', 'internal'] as const) {
    const { status } = errorCodes[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  const content = { [problemType]: { schema: problemSchema } }
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => {
      const lines = group.map((code) => `\`${code}\`: ${errorCodes[code].title}.`)
      return [status, { description: lines.join(' '), content }]
    }),
  )
}
