import { errorCodes } from '../../../errors.ts'
import type { App } from '../../app-type.ts'

/** The page that the `type` of every problem document points to. */
export function errorCodeRoutes(app: App): void {
  const page = errorPage()
  app.get('/docs/errors', { config: { access: 'anyone' }, schema: { hide: true } }, (_, reply) =>
    reply
      .header(
        'content-security-policy',
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
      )
      .type('text/html; charset=utf-8')
      .send(page),
  )
}

function errorPage(): string {
  const rows = Object.entries(errorCodes).map(
    ([code, { status, title }]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td></tr>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Marquee: error codes</title>
<style>body { font: 1rem/1.5 system-ui; margin: 2rem; color-scheme: light dark }
td, th { padding: .25rem 1rem .25rem 0; text-align: left } :target { background: #fc66 }</style>
<h1>Error codes</h1>
<p>Every error is an <code>application/problem+json</code> document with one of these codes.</p>
<table><tr><th>Code</th><th>Status</th><th>Meaning</th></tr>
${rows.join('\n')}
</table>
</html>
`
}
