import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import Fastify from 'fastify'
import { refuseConnections } from '../../src/http/errors/refused-connections.ts'
import { limits } from '../../src/http/limits.ts'
import { keptLog } from '../support/bench.ts'

/** What a raw connection is answered before it is closed, while it goes on sending. */
async function answerTo(head: string, drip: string): Promise<string> {
  const app = Fastify({
    ...limits,
    http: { headersTimeout: 100, connectionsCheckingInterval: 50 },
    clientErrorHandler: refuseConnections(keptLog().logger, { endBehindAnswer: () => false }),
  })
  await app.listen({ port: 0 })
  const { port } = app.server.address() as { port: number }
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', (piece) => {
    text += piece
  })
  socket.on('error', () => {})
  socket.write(head)
  const dripping = setInterval(() => socket.write(drip), 20)
  await once(socket, 'close')
  clearInterval(dripping)
  await app.close()
  return text
}

test('a connection whose headers drip in is answered and closed', async () => {
  const text = await answerTo('GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ', 'x')
  assert.match(text, /^HTTP\/1\.1 408 .*application\/problem\+json.*"code":"too-slow"/s)
})

test('headers beyond the limit are answered as such', async () => {
  const text = await answerTo(`GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(20_000)}`, 'x')
  assert.match(text, /^HTTP\/1\.1 431 .*"code":"headers-too-large"/s)
})
