import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { type Config, type Role, roles } from '../config.ts'
import { MarqueeError } from '../errors.ts'
import type { App } from './app-type.ts'

/** The key that a route asks for: none, or one of this role or a higher one. */
export type Access = 'public' | Role
export type ApiKeys = Config['MARQUEE_API_KEYS']

/**
 * Checks the key of every request before anything else is done with it. Without any keys everybody
 * is let in, which `serve` allows on a loopback address only. A route that does not say whom it is
 * for is for admins.
 */
export function requireKeys(app: App, apiKeys: ApiKeys): void {
  if (apiKeys.length === 0) return
  app.addHook('onRequest', async (request) => {
    const access = accessOf(request.routeOptions.config)
    if (access === 'public' || request.is404) return
    const key = presentedKey(request)
    const role = key === null ? null : roleOf(key, apiKeys)
    if (role === null)
      throw new MarqueeError(
        'unauthorized',
        key === null
          ? 'Send a key as "Authorization: Bearer <key>" or "X-API-Key: <key>".'
          : 'The key is not one of those configured here.',
      )
    if (roles.indexOf(role) < roles.indexOf(access))
      throw new MarqueeError(
        'forbidden',
        `This needs a key with the role ${access}; yours has the role ${role}.`,
      )
  })
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

/**
 * The key of a request as it may be written down: its role and the first digits of its SHA-256, as
 * in `MARQUEE_API_KEYS`; null where none is needed.
 */
export function keyName(request: FastifyRequest, apiKeys: ApiKeys): string | null {
  const key = presentedKey(request)
  if (apiKeys.length === 0 || key === null) return null
  const sha256 = createHash('sha256').update(key).digest('hex')
  return `${roleOf(key, apiKeys)}:${sha256.slice(0, 8)}`
}

/** Compares with every key and in constant time, so that the time tells nothing of a near miss. */
function roleOf(key: string, apiKeys: ApiKeys): Role | null {
  const digest = createHash('sha256').update(key).digest()
  let found: Role | null = null
  for (const { role, sha256 } of apiKeys)
    if (timingSafeEqual(digest, Buffer.from(sha256, 'hex'))) found = role
  return found
}
