import { MarqueeError } from '../errors.ts'
import type { App } from './app-type.ts'

/** True for names and addresses that only this machine can mean. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)
}

/**
 * Without keys, only this machine may ask. A web page on it is another matter: a name that a
 * hostile page points to 127.0.0.1 (DNS rebinding) shows in Host, and a request sent across sites
 * in Origin, of which some may be allowed.
 */
export function requireLoopback(app: App, allowedOrigins: readonly string[]): void {
  app.addHook('onRequest', ({ headers: { host = '', origin } }, _reply, done) => {
    if (!isLoopbackHost(host))
      return done(
        new MarqueeError(
          'forbidden',
          'Without API keys only requests to localhost, 127.0.0.1 or [::1] are answered.',
        ),
      )
    if (origin === undefined || allowedOrigins.includes(origin)) return done()
    if (!isLoopbackHost(origin.replace(/^https?:\/\//, '')))
      return done(
        new MarqueeError(
          'forbidden',
          'Without API keys no requests from pages of other sites are answered.',
        ),
      )
    done()
  })
}

/** The header's host without its port. */
function isLoopbackHost(host: string): boolean {
  return isLoopback(host.replace(/:\d+$/, ''))
}
