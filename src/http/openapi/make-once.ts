import { createHash } from 'node:crypto'
import type { App } from '../app-type.ts'
import { entityTag, isAmong } from '../out/entity-tag.ts'

type Made = { readonly text: string; readonly type: string; readonly tag: string }

/**
 * Answers to these routes are made when they are first asked for and are the same bytes from then
 * on, with an ETag of these: to make a document of all operations takes a tenth of a second.
 */
export function makeOnce(scope: App, routes: readonly string[]): void {
  const made = new Map<string, Made>()
  const isOnce = (url: string | undefined): url is string => routes.includes(url ?? '')
  scope.addHook('onRequest', (request, reply, done) => {
    const known = made.get(request.routeOptions.url ?? '')
    if (known === undefined) return done()
    void reply.header('etag', known.tag).header('cache-control', 'no-cache')
    if (isAmong(known.tag, request.headers['if-none-match'])) void reply.code(304).send()
    else void reply.type(known.type).send(known.text)
  })
  scope.addHook('onSend', (request, reply, payload, done) => {
    const { url } = request.routeOptions
    if (isOnce(url) && !made.has(url) && typeof payload === 'string' && reply.statusCode === 200) {
      const tag = entityTag(createHash('sha256').update(payload).digest('hex').slice(0, 16))
      made.set(url, { text: payload, type: String(reply.getHeader('content-type')), tag })
      void reply.header('etag', tag).header('cache-control', 'no-cache')
    }
    done(null, payload)
  })
}
