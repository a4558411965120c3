import { MarqueeError } from '../errors.ts'
import { accessOf } from './access.ts'
import type { App } from './app-type.ts'

/**
 * What browsers are told of every answer: that it is of the type it says, runs and frames nothing, and is
 * not for pages of other sites but those that CORS lets in. Pages of the documentation have a policy of
 * their own. That addresses are asked by TLS alone (HSTS) is for the proxy to say that has it.
 */
export const safeHeaders = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const

const safe = Object.entries(safeHeaders).filter(([name]) => name !== 'cache-control')

/**
 * Gives every answer its request's id and `safeHeaders`. What needs a key is for whoever has it, and no
 * cache keeps it, unless its route says otherwise, as those with ETags do.
 */
export function nameAndGuardAnswers(app: App): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    for (const [name, value] of safe) reply.header(name, value)
    const isForAnyone = accessOf(request.routeOptions.config) === 'anyone'
    reply.header('cache-control', isForAnyone ? 'no-store' : 'private, no-store')
    const { headers, raw } = request
    if (headers.host === undefined && raw.httpVersion === '1.1')
      return done(new MarqueeError('invalid-request', 'A request by HTTP/1.1 names its Host.'))
    done()
  })
}
