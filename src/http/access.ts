import type { FastifyReply, FastifyRequest, preHandlerHookHandler } from 'fastify'
import { type Role, roles } from '../config-fields.ts'
import { MarqueeError } from '../errors.ts'
import type { App } from './app-type.ts'
import type { ApiKey, ApiKeys } from './keys/api-keys.ts'
import type { Caller } from './keys/caller.ts'
import type { Limits } from './keys/limits.ts'
import { isTokenLike, readToken, type TokenScope } from './keys/user-tokens.ts'

/** The key that a route asks for: none, or one of this role or a higher one. */
export type Access = 'anyone' | Role

/** That a route is also for the user of a token, where it asks for that user alone. */
export type OwnUser = {
  /** What the token must let its user do. */
  readonly scope?: TokenScope
  /** All users that a body asks for, as the route sees it; without, the route asks for that of its path. */
  readonly usersOf?: (body: never) => readonly unknown[]
}
type RouteConfig = { own?: OwnUser | undefined }

/**
 * Checks the key, or the token, of every request before anything else is done with it. Where none are
 * needed everybody is let in, which `serve` allows on a loopback address only. A route that does not say
 * whom it is for is for admins.
 */
export function requireKeys(app: App, apiKeys: ApiKeys, limits: Limits): void {
  if (!apiKeys.areNeeded) return
  app.addHook('onRequest', (request, reply, done) => {
    if (accessOf(request.routeOptions.config) === 'anyone' || request.is404) return done()
    const text = presentedKey(request)
    if (text === null)
      return done(
        unauthorized('Send a key as "Authorization: Bearer <key>" or "X-API-Key: <key>".'),
      )
    const key = apiKeys.find(text)
    if (key !== null || !isTokenLike(text)) return done(judgeKey(request, reply, limits, key))
    readToken(text, apiKeys.secrets()).then((read) => {
      if (!('refusal' in read)) return done(letIn(request, reply, limits, read))
      const slowed = read.isSigned ? null : limits.refuse(request, reply)
      done(slowed ?? unauthorized(read.refusal))
    }, done)
  })
  app.addHook('onRoute', (route) => {
    const { own } = (route.config ?? {}) as RouteConfig
    if (own?.usersOf)
      route.preHandler = [...[route.preHandler ?? []].flat(), ownUsersOnly(own.usersOf)]
  })
}

function judgeKey(
  request: FastifyRequest,
  reply: FastifyReply,
  limits: Limits,
  key: ApiKey | null,
): MarqueeError | undefined {
  const refusal = refusalOf(key)
  if (key === null || refusal !== null) return limits.refuse(request, reply) ?? refusal!
  return letIn(request, reply, limits, key)
}

/** Why a caller who is known is not let in. */
function letIn(
  request: FastifyRequest,
  reply: FastifyReply,
  limits: Limits,
  caller: Caller,
): MarqueeError | undefined {
  const tooMany = limits.admit(request, reply, caller)
  if (tooMany) return tooMany
  const { config } = request.routeOptions
  const access = accessOf(config)
  const { role } = caller
  if (role === 'user') {
    const refusal = refusalOfUser(request, config as RouteConfig, caller)
    if (access !== 'public' && refusal !== null) return forbidden(refusal)
  } else if (roles.indexOf(role) < roles.indexOf(access as Role))
    return forbidden(`This needs a key with the role ${access}; yours has the role ${role}.`)
  // Who only reads is written down nowhere.
  if (access === 'write' || access === 'admin' || role === 'user') callers.set(request, caller)
}

/** Why the user of a token may not ask this; of a body it is known only once that is read. */
function refusalOfUser(
  { params }: FastifyRequest,
  { own }: RouteConfig,
  { user, scopes }: Caller,
): string | null {
  if (own === undefined) return 'A user token is for rankings, movies and what is of its own user.'
  if (own.scope !== undefined && !scopes?.has(own.scope))
    return `This needs a user token with the scope "${own.scope}".`
  if (own.usersOf || (params as { userId?: string }).userId === user) return null
  return otherUser
}

const otherUser = 'This user token is for another user, and for that one alone.'

/** Lets in a body of a user token where it asks for nobody but that user. */
function ownUsersOnly(usersOf: NonNullable<OwnUser['usersOf']>): preHandlerHookHandler {
  return (request, _reply, done) => {
    const user = callers.get(request)?.user
    const isOwn = user === undefined || usersOf(request.body as never).every((one) => one === user)
    done(isOwn ? undefined : forbidden(otherUser))
  }
}

/** Why a key is not good; null where it is. */
function refusalOf(key: ApiKey | null): MarqueeError | null {
  if (key === null) return unauthorized('The key is not one of those configured here.')
  if (key.expires === null || key.expires > Date.now()) return null
  return unauthorized(`The key expired at ${new Date(key.expires).toISOString()}.`)
}

const callers = new WeakMap<FastifyRequest, Caller>()

/** What whoever asked for a change is called in the log and in records; null where no key is needed. */
export function keyName(request: FastifyRequest): string | null {
  return callers.get(request)?.name ?? null
}

/** The user whose token a request came with. */
export function userOfToken(request: FastifyRequest): string | undefined {
  return callers.get(request)?.user
}

function unauthorized(detail: string): MarqueeError {
  return new MarqueeError('unauthorized', detail)
}

function forbidden(detail: string): MarqueeError {
  return new MarqueeError('forbidden', detail)
}

/** The access of a route by its configuration; `admin` where it says none. */
export function accessOf(config: object): Access {
  return 'access' in config ? (config.access as Access) : 'admin'
}

function presentedKey({ headers }: FastifyRequest): string | null {
  const [, bearer] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? []
  if (bearer !== undefined) return bearer
  const apiKey = headers['x-api-key']
  return typeof apiKey === 'string' && apiKey !== '' ? apiKey : null
}
