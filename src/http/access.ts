import type { FastifyRequest } from 'fastify'
import { type Role, roles } from '../config.ts'
import { MarqueeError } from '../errors.ts'
import type { App } from './app-type.ts'
import type { ApiKey, ApiKeys } from './keys/api-keys.ts'
import type { Limits } from './keys/limits.ts'

/** The key that a route asks for: none, or one of this role or a higher one. */
export type Access = 'public' | Role

/**
 * Checks the key of every request before anything else is done with it. Where none are needed
 * everybody is let in, which `serve` allows on a loopback address only. A route that does not say whom it
 * is for is for admins.
 */
export function requireKeys(app: App, apiKeys: ApiKeys, limits: Limits): void {
  if (!apiKeys.areNeeded) return
  app.addHook('onRequest', (request, reply, done) => {
    const access = accessOf(request.routeOptions.config)
    if (access === 'public' || request.is404) return done()
    const key = presentedKey(request)
    if (key === null)
      return done(
        unauthorized('Send a key as "Authorization: Bearer <key>" or "X-API-Key: <key>".'),
      )
    const known = apiKeys.find(key)
    const refusal = refusalOf(known)
    if (known === null || refusal !== null) return done(limits.refuse(request, reply) ?? refusal!)
    const tooMany = limits.admit(request, reply, known)
    if (tooMany) return done(tooMany)
    const { role } = known
    if (roles.indexOf(role) < roles.indexOf(access))
      return done(
        new MarqueeError(
          'forbidden',
          `This needs a key with the role ${access}; yours has the role ${role}.`,
        ),
      )
    // Who only reads is written down nowhere.
    if (access !== 'read') holders.set(request, known)
    done()
  })
}

/** Why a key is not good; null where it is. */
function refusalOf(key: ApiKey | null): MarqueeError | null {
  if (key === null) return unauthorized('The key is not one of those configured here.')
  if (key.expires === null || key.expires > Date.now()) return null
  return unauthorized(`The key expired at ${new Date(key.expires).toISOString()}.`)
}

const holders = new WeakMap<FastifyRequest, ApiKey>()

/** What whoever asked for a change is called in the log and in records; null where no key is needed. */
export function keyName(request: FastifyRequest): string | null {
  return holders.get(request)?.name ?? null
}

function unauthorized(detail: string): MarqueeError {
  return new MarqueeError('unauthorized', detail)
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
