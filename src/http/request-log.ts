import type { Logger } from 'pino'
import { accessOf } from './access.ts'
import type { App } from './app-type.ts'
import { isChange } from './audit.ts'
import { wasLimited } from './keys/limits.ts'
import { wasShed } from './shedding.ts'

/** An answer that only reads is a line at `info` when it took longer. */
const slowMs = 1_000

/**
 * One line for each answer: the route and not the address, which may hold what a user searched for.
 * At `debug` where a good answer came in time and shows nothing that only admins may see: there are tens
 * of thousands of these in a second, and a line costs more than a prediction. Changes have their lines in
 * the audit.
 */
export function logAnswers(app: App, logger: Logger): void {
  const hasDebug = logger.isLevelEnabled('debug')
  app.addHook('onResponse', (request, reply, done) => {
    const { routeOptions, log } = request
    const { elapsedTime, statusCode: status } = reply
    const isForAdmins = accessOf(routeOptions.config) === 'admin' && !isChange(request)
    const isGood = status < 400 && elapsedTime < slowMs && !isForAdmins
    // Other lines tell of these, now and then.
    const isRoutine = isGood || wasShed(request) || wasLimited(request)
    if (isRoutine && !hasDebug) return done()
    const { id: reqId, method } = request
    const ms = Math.round(elapsedTime * 10) / 10
    log[isRoutine ? 'debug' : 'info'](
      { reqId, method, route: routeOptions.url, status, ms },
      'A request ended.',
    )
    done()
  })
  app.addHook('onRequestAbort', async ({ id: reqId, method, routeOptions, log }) => {
    log.info(
      { reqId, method, route: routeOptions.url },
      'A client went away before its request ended.',
    )
  })
}
