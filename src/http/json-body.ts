import type { App } from './app-type.ts'
import { endUnlessWhole } from './limits.ts'

/**
 * Takes JSON bodies and no others, within `timeoutMs` each; none at all is left to the route's schema
 * to judge.
 */
export function parseJsonBodies(app: App, timeoutMs: number): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (text === '') done(null, undefined)
    else void parse(request, text as string, done)
  })
  app.addHook('preParsing', ({ raw }, _reply, body, done) => {
    if (!raw.complete) endUnlessWhole(raw, timeoutMs)
    done(null, body)
  })
}
