import type { App } from '../app-type.ts'
import { endUnlessWhole } from '../limits.ts'

/** What comes as an array or as lines of JSON. */
export const lineTypes = ['application/json', 'application/x-ndjson']

/** Hands bodies of these two types to the handlers as text, which must be there in `timeoutMs`. */
export function textBodies(app: App, timeoutMs: number): void {
  app.addContentTypeParser(lineTypes, { parseAs: 'string' }, (_request, text, done) =>
    done(null, text),
  )
  app.addHook('preParsing', ({ raw }, _reply, body, done) => {
    if (!raw.complete) endUnlessWhole(raw, timeoutMs)
    done(null, body)
  })
}
