import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { listen, openApp } from '../support/app.ts'
import { dotBiasModel } from '../support/models.ts'

const ratingsCsv = 'userId,movieId,rating,timestamp\n1,10,4.5,1000\n'

/** A connection with half an import in it, to a server that has begun to close. */
async function closeDuringImport(t: TestContext) {
  const { app, publish, serving } = await openApp(t)
  await publish(dotBiasModel(), 'v1')
  await serving.refresh()
  const { port } = new URL(await listen(app))
  const socket = connect(Number(port), '127.0.0.1')
  let answers = ''
  socket.on('data', (bytes) => {
    answers += bytes
  })
  const length = `Content-Length: ${ratingsCsv.length}`
  const arrived = once(app.server, 'request')
  socket.write(`POST /v1/ratings/import HTTP/1.1\r\nHost: localhost\r\n${length}\r\n\r\n`)
  socket.write(ratingsCsv.slice(0, 40))
  await arrived
  const closed = app.close()
  return {
    base: `http://127.0.0.1:${port}`,
    async end(more: string) {
      socket.write(ratingsCsv.slice(40) + more)
      await Promise.all([once(socket, 'close'), closed])
      return answers
    },
  }
}

test('what has begun is ended, and nothing new is begun', async (t) => {
  const { base, end } = await closeDuringImport(t)
  await assert.rejects(fetch(`${base}/health/live`), 'no new connections')
  const answers = await end('')
  assert.match(answers, /^HTTP\/1\.1 200 .*"accepted":1/s)
})

test('what still arrives on an open connection is sent elsewhere', async (t) => {
  const { end } = await closeDuringImport(t)
  const answers = await end('GET /v1/movies HTTP/1.1\r\nHost: localhost\r\n\r\n')
  assert.match(answers, /^HTTP\/1\.1 200 .*HTTP\/1\.1 503 .*retry-after: 5.*"shutting-down"/s)
})

test('probes are answered to the end: alive, but not ready', async (t) => {
  const { end } = await closeDuringImport(t)
  const answers = await end('GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n')
  assert.match(answers, /HTTP\/1\.1 503 .*"unavailable".*shutting down/s)
})

test('connections without a request in them hold up nothing', { timeout: 5_000 }, async (t) => {
  const { app } = await openApp(t)
  const base = new URL(await listen(app))
  const fresh = connect(Number(base.port), '127.0.0.1')
  await once(fresh, 'connect')
  const kept = connect(Number(base.port), '127.0.0.1')
  kept.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await once(kept, 'data')
  await app.close()
})
