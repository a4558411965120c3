import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type ErrorCode, errorCodes, MarqueeError } from '../../errors.ts'
import type { App } from '../app-type.ts'
import { endUnlessWhole } from '../limits.ts'
import { nextRequestId, requestIdOf } from '../request-id.ts'
import { collectMethods } from './allowed-methods.ts'
import { problemOf, problemType, toMarqueeError } from './problem.ts'

/** The time for which the rest of a refused body is still read. */
const lingerMs = 5_000

/**
 * Answers every error, every address that leads nowhere and every method that an address does not
 * take with a problem document.
 */
export function handleErrors(app: App): void {
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply))
  // Node would answer with nothing to read.
  app.server.on('checkExpectation', refuseExpectation)
  const methodsOf = collectMethods(app)
  app.setNotFoundHandler((request, reply) => {
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
  return reply.code(problem.status).headers(headers).type(problemType).send(problem)
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

/** Connections that had their last answer: whatever comes on them is not answered again. */
const answered = new WeakSet<Socket>()

/** Answers a header `Expect` that says anything but `100-continue`; the body is not waited for. */
function refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
  answered.add(request.socket)
  const id = requestIdOf(request)
  const error = new MarqueeError('expectation-failed', 'Expected no Expect but 100-continue.')
  const { problem } = problemOf(error, id)
  response.writeHead(problem.status, {
    ...{ 'content-type': problemType, 'x-request-id': id, connection: 'close' },
  })
  response.end(JSON.stringify(problem))
}

/** Node's codes of requests that are not read to the end of their headers. */
const refusals: Partial<Record<string, readonly [ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['headers-too-large', 'Expected at most 16 KiB of headers.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['too-slow', 'The headers, or the body, did not arrive in time.'],
}
const notHttp = ['invalid-request', 'The request is not readable as HTTP.'] as const

/** A client that goes on sending has so long to take the answer. */
const takenInMs = 1_000

/**
 * Answers what is not even HTTP, or came too slowly, where there is no request yet, and ends the
 * connection.
 */
export function refuseConnection(fault: NodeJS.ErrnoException, socket: Socket): void {
  if (answered.has(socket)) return
  if (fault.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  const error = new MarqueeError(...(refusals[fault.code ?? ''] ?? notHttp))
  const body = JSON.stringify(problemOf(error, nextRequestId()).problem)
  const { status } = errorCodes[error.code]
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n` +
      `Content-Type: ${problemType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
  const timer = setTimeout(() => socket.destroy(), takenInMs).unref()
  socket.once('close', () => clearTimeout(timer))
}
