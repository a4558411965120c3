import type { FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { accessOf, keyName, userOfToken } from './access.ts'
import type { App } from './app-type.ts'

/**
 * The audit: one line with `audit` true for each request that was let in to change something, whatever
 * came of it. It says who (the name of the key, or of the secret behind a token, and then the user), what (the operation and the ids of its path), what came of it
 * (the status; null where the client went before), and under which id the request is in the log.
 * `hasKeys` writes it at any level of the log but `silent`; without keys nobody is known, and what is
 * frequent has no line.
 */
export function auditChanges(
  app: App,
  { logger, hasKeys }: { logger: Logger; hasKeys: boolean },
): void {
  const level = hasKeys && logger.level !== 'silent' ? 'info' : logger.level
  const audit = logger.child({ audit: true }, { level })
  app.addHook('onRequest', (request, reply, done) => {
    const { config } = request.routeOptions
    const isQuiet = !hasKeys && 'isFrequent' in config && config.isFrequent === true
    if (isChange(request) && !isQuiet)
      reply.raw.once('close', () => {
        const { id: reqId, params, routeOptions } = request
        audit.info(
          {
            by: keyName(request),
            user: userOfToken(request),
            operation: (routeOptions.schema as { operationId?: string }).operationId,
            params,
            status: reply.raw.writableEnded ? reply.statusCode : null,
            made: reply.getHeader('location'),
            reqId,
          },
          'A change was asked for.',
        )
      })
    done()
  })
}

/** Whether a request asks for a change: what only readers may do with POST, as predictions, is none. */
export function isChange({ method, routeOptions, is404 }: FastifyRequest): boolean {
  if (method === 'GET' || method === 'HEAD' || is404) return false
  const access = accessOf(routeOptions.config)
  return access === 'write' || access === 'admin'
}
