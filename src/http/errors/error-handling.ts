import type { FastifyReply, FastifyRequest, preHandlerHookHandler } from 'fastify'
import { MarqueeError } from '../../errors.ts'
import { safeHeaders } from '../answer-headers.ts'
import type { App } from '../app-type.ts'
import { awaitsContinue } from '../expectations.ts'
import { endUnlessWhole } from '../limits.ts'
import { collectMethods } from './allowed-methods.ts'
import { problemOf, problemType, toMarqueeError } from './problem.ts'

/** The time for which the rest of a refused body is still read. */
const lingerMs = 5_000

/**
 * Answers every error, every address that leads nowhere and every method that an address does not
 * take with a problem document; of those that lead nowhere `beforeUnrouted` is told before.
 */
export function handleErrors(app: App, beforeUnrouted: preHandlerHookHandler = pass): void {
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply))
  const methodsOf = collectMethods(app)
  app.setNotFoundHandler({ preHandler: beforeUnrouted }, (request, reply) => {
    const [path = ''] = request.url.split('?', 1)
    const allowed = methodsOf(path).join(', ')
    if (allowed !== '')
      return sendProblem(
        new MarqueeError('method-not-allowed', `${path} takes ${allowed}, not ${request.method}.`),
        request,
        reply.header('allow', allowed),
      )
    return sendProblem(
      new MarqueeError('not-found', `There is no ${request.method} ${path}; see /docs.`),
      request,
      reply,
    )
  })
}

const pass: preHandlerHookHandler = (_request, _reply, done) => done()

/** Sends the error's problem document; only faults of this program are logged as such. */
export function sendProblem(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const error = toMarqueeError(wasCutShort(request) ? cutShort() : thrown)
  if (error.code === 'internal')
    request.log.error({ reqId: request.id, err: thrown }, 'A request failed by a fault.')
  const { problem, headers } = problemOf(error, request.id)
  dropRest(request)
  if (awaitsContinue(request)) void reply.header('connection', 'close')
  return reply.code(problem.status).headers(headers).type(problemType).send(problem)
}

/** Answers what has no route because its address is not readable, and which no hook sees. */
export function refuseAddress(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const { id: reqId, method, log } = request
  void reply.headers(safeHeaders).header('x-request-id', reqId)
  sendProblem(error, request, reply)
  log.info({ reqId, method, status: reply.statusCode }, 'A request was refused by its address.')
}

/** True when the client went away before its body was whole, which is no fault of ours. */
function wasCutShort({ raw }: FastifyRequest): boolean {
  return raw.destroyed && !raw.complete
}

/**
 * A client that is still sending looks for an answer only when it has sent all, and a connection
 * that is closed before may take the answer with it: so the rest is read and dropped, but not for
 * long.
 */
function dropRest({ raw }: FastifyRequest): void {
  if (raw.complete) return
  raw.resume()
  endUnlessWhole(raw, lingerMs)
}

function cutShort(): MarqueeError {
  return new MarqueeError('invalid-request', 'The body ended before it was whole.')
}
