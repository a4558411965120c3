import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { MarqueeError } from '../errors.ts'
import type { App } from './app-type.ts'
import { answeredLast, bareAnswer } from './errors/refused-connections.ts'
import { requestIdOf } from './request-id.ts'

/** Requests whose clients send the body only once they are told to. */
const waiting = new WeakSet<IncomingMessage>()

/**
 * Answers `Expect`. A client that asks before it sends its body (100-continue) is told to go on once its
 * key was good and there is a route that takes as much, so that no large file is sent in vain; of other
 * expectations none is met.
 */
export function continueWhenLetIn(app: App, logger: Logger): void {
  app.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    waiting.add(request)
    app.server.emit('request', request, response)
  })
  app.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const error = new MarqueeError('expectation-failed', 'Of Expect only 100-continue is known.')
    const { status, headers, body } = bareAnswer(error, logger, requestIdOf(request))
    answeredLast.add(request.socket)
    response.writeHead(status, headers).end(body)
  })
  app.addHook('preParsing', (request, reply, body, done) => {
    const { raw } = request
    if (raw.headers.expect !== undefined && isTaken(request) && waiting.delete(raw))
      reply.raw.writeContinue()
    done(null, body)
  })
}

function isTaken({ is404, headers, routeOptions }: FastifyRequest): boolean {
  return !is404 && Number(headers['content-length'] ?? 0) <= routeOptions.bodyLimit
}

/** Whether the client waits to be told whether to send its body. */
export function awaitsContinue({ raw }: FastifyRequest): boolean {
  return waiting.has(raw)
}
