import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import { type ErrorCode, MarqueeError } from '../../errors.ts'
import { safeHeaders } from '../answer-headers.ts'
import type { Connections } from '../closing.ts'
import { nextRequestId } from '../request-id.ts'
import { problemOf, problemType } from './problem.ts'

/** Node's codes of requests that are not read to the end of their headers. */
const refusals: Partial<Record<string, readonly [ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: [
    'headers-too-large',
    'Expected at most 16 KiB of address and headers together.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['too-slow', 'The headers, or the body, did not arrive in time.'],
}
const notHttp = ['invalid-request', 'The request is not readable as HTTP.'] as const

/** A client that goes on sending has so long to take the answer. */
const takenInMs = 1_000

/** Connections that had their last answer: whatever comes on them then is not answered again. */
export const answeredLast = new WeakSet<Socket>()

/**
 * Answers what is not even HTTP, or came too slowly, where there is no request yet, and ends the
 * connection. Where an earlier request of it is still being answered, that answer is the last one.
 */
export function refuseConnections(
  logger: Logger,
  { endBehindAnswer }: Pick<Connections, 'endBehindAnswer'>,
): (fault: NodeJS.ErrnoException, socket: Socket) => void {
  return (fault, socket) => {
    if (fault.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
      socket.destroy()
      return
    }
    if (answeredLast.has(socket) || endBehindAnswer(socket)) return
    const error = new MarqueeError(...(refusals[fault.code ?? ''] ?? notHttp))
    const { status, headers, body } = bareAnswer(error, logger)
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
    const timer = setTimeout(() => socket.destroy(), takenInMs).unref()
    socket.once('close', () => clearTimeout(timer))
  }
}

/** The problem document and all headers of an answer that Fastify does not send; the log has its id. */
export function bareAnswer(error: MarqueeError, logger: Logger, reqId = nextRequestId()) {
  const { problem } = problemOf(error, reqId)
  const { status, code } = problem
  const body = JSON.stringify(problem)
  logger.info({ reqId, status, code }, 'A request was refused before it was read.')
  const headers = {
    ...safeHeaders,
    'x-request-id': reqId,
    'content-type': problemType,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }
  return { status, headers, body }
}
