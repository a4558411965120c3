import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { MarqueeError } from '../errors.ts'
import { accessOf } from './access.ts'
import type { App } from './app-type.ts'

/**
 * While the server closes, what it has begun is ended, probes go on being answered, and what still
 * arrives on open connections is sent elsewhere. The function that is given tells whether it closes.
 */
export function closeInOrder(app: App): () => boolean {
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
  })
  app.addHook('onRequest', (request, _reply, done) => {
    const isRefused = isClosing && accessOf(request.routeOptions.config) !== 'public'
    if (!isRefused) return done()
    done(new MarqueeError('shutting-down', 'This server is about to end: ask again.'))
  })
  endIdleConnections(app)
  return () => isClosing
}

/**
 * Ends every connection once no request is in it. Node itself would wait a minute for a connection
 * that never had one, as browsers open them ahead, and for one whose last request ended meanwhile.
 */
function endIdleConnections(app: App): void {
  const requests = new Map<Socket, number>()
  let isClosing = false
  const add = (socket: Socket, change: number) => {
    const left = (requests.get(socket) ?? 0) + change
    requests.set(socket, left)
    if (isClosing && left === 0) socket.destroySoon()
  }
  app.server.on('connection', (socket: Socket) => {
    requests.set(socket, 0)
    socket.once('close', () => requests.delete(socket))
  })
  app.server.on('request', ({ socket }: { socket: Socket }, response: ServerResponse) => {
    add(socket, 1)
    response.once('close', () => add(socket, -1))
  })
  app.addHook('preClose', async () => {
    isClosing = true
    for (const socket of requests.keys()) add(socket, 0)
  })
}
