import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { MarqueeError } from '../errors.ts'
import { accessOf } from './access.ts'
import type { App } from './app-type.ts'

export type Connections = {
  /** Whether the server is about to end. */
  isClosing(): boolean
  /** Whether an answer is under way on a connection, which then ends behind it, or at once within it. */
  endBehindAnswer(socket: Socket): boolean
}

/**
 * While the server drains, it answers all, connections for the last time, and says that it is not
 * ready. While it closes, what waits to be accepted is answered, too, what it has begun is ended,
 * probes go on being answered, and what still arrives on open connections is sent elsewhere.
 */
export function closeInOrder(app: App, isDraining: () => boolean): Connections {
  let isClosing = false
  const untilQuiet = watchArrivals(app.server)
  app.addHook('preClose', async () => {
    await untilQuiet()
    isClosing = true
  })
  app.addHook('onRequest', (request, reply, done) => {
    if (isDraining()) reply.header('connection', 'close')
    const isRefused = isClosing && accessOf(request.routeOptions.config) !== 'anyone'
    if (!isRefused) return done()
    done(new MarqueeError('shutting-down', 'This server is about to end: ask again.'))
  })
  return {
    isClosing: () => isClosing || isDraining(),
    endBehindAnswer: endIdleConnections(app),
  }
}

const quietTurns = 5
const mostTurns = 1_000

/**
 * Gives what resolves once nothing has arrived for some turns of the event loop: to close a socket
 * resets the connections that it has not accepted yet, and one whose request has not been read.
 */
function watchArrivals(server: App['server']): () => Promise<void> {
  let arrived = 0
  for (const event of ['connection', 'request']) server.on(event, () => void arrived++)
  return async () => {
    let seen = -1
    for (let quiet = 0, turns = 0; quiet < quietTurns && turns < mostTurns; turns++) {
      quiet = seen === arrived ? quiet + 1 : 0
      seen = arrived
      await nextTurn()
    }
  }
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
