import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { MarqueeError } from '../errors.ts'
import { accessOf } from './access.ts'
import type { App } from './app-type.ts'

export type Connections = {
  /** Whether the server closes. */
  isClosing(): boolean
  /** Whether an answer is under way on a connection, which then ends behind it, or at once within it. */
  endBehindAnswer(socket: Socket): boolean
}

/**
 * While the server closes, what it has begun is ended, probes go on being answered, and what still
 * arrives on open connections is sent elsewhere.
 */
export function closeInOrder(app: App): Connections {
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
  })
  app.addHook('onRequest', (request, _reply, done) => {
    const isRefused = isClosing && accessOf(request.routeOptions.config) !== 'public'
    if (!isRefused) return done()
    done(new MarqueeError('shutting-down', 'This server is about to end: ask again.'))
  })
  return { isClosing: () => isClosing, endBehindAnswer: endIdleConnections(app) }
}

/**
 * Ends every connection once no request is in it. Node itself would wait a minute for a connection
 * that never had one, as browsers open them ahead, and for one whose last request ended meanwhile.
 */
function endIdleConnections(app: App): Connections['endBehindAnswer'] {
  /**
   * The last answer that was begun on each open connection; answers end in the order of requests.
   */
  const last = new Map<Socket, ServerResponse | null>()
  let isClosing = false
  const endBehind = (socket: Socket, response: ServerResponse | null) => {
    if (response === null || response.writableFinished) socket.destroySoon()
    else
      response.once('close', () => {
        if (last.get(socket) === response) socket.destroySoon()
      })
  }
  app.server.on('connection', (socket: Socket) => {
    last.set(socket, null)
    socket.once('close', () => last.delete(socket))
  })
  app.server.on('request', ({ socket }: { socket: Socket }, response: ServerResponse) => {
    last.set(socket, response)
    if (isClosing) endBehind(socket, response)
  })
  app.addHook('preClose', async () => {
    isClosing = true
    for (const [socket, response] of last) endBehind(socket, response)
  })
  return (socket) => {
    const response = last.get(socket) ?? null
    if (response === null || response.writableFinished) return false
    if (response.req.complete) endBehind(socket, response)
    else if (response.headersSent) socket.destroy()
    else return false
    return true
  }
}
