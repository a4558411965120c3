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
    if (text === '') return done(null, undefined)
    const plain = parsedPlainly(text as string)
    if (plain !== undefined) done(null, plain)
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

/**
 * What JSON holds that can hide no forbidden name, neither in plain letters nor escaped; `undefined` of any
 * other text. To look for them by the patterns of Fastify's parser costs more than to parse.
 */
function parsedPlainly(text: string): unknown {
  if (text.includes('\\') || text.includes('__proto__') || text.includes('constructor'))
    return undefined
  try {
    return JSON.parse(text)
  } catch {
    // Fastify's parser says what is wrong, or takes a mark before it.
    return undefined
  }
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
