import type { IncomingMessage } from 'node:http'
import { MarqueeError } from '../../errors.ts'
import type { App } from '../app-type.ts'
import { endUnlessWhole } from '../limits.ts'

/**
 * Takes JSON bodies and no others, within `timeoutMs` each; none at all is left to the route's
 * schema to judge.
 */
export function parseJsonBodies(app: App, timeoutMs: number): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (text === '') done(null, undefined)
    else
      void parse(request, text as string, (error, body) =>
        done(error && isJson(text as string) ? forbiddenName() : error, body),
      )
  })
  app.addHook('preParsing', ({ raw }, _reply, body, done) => {
    // Node calls no request complete yet, and a timer costs more than an answer to one without a
    // body.
    if (!raw.complete && hasBody(raw)) endUnlessWhole(raw, timeoutMs)
    done(null, body)
  })
}

/** Only these headers announce a body (RFC 9112, 6). */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Valid JSON that the parser refused: such a name could change what other objects are. */
function forbiddenName(): MarqueeError {
  return new MarqueeError(
    'invalid-request',
    'The body has a member named "__proto__" or "constructor" with a "prototype", which no request may have.',
  )
}
