import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
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
  while (app.server.listening) await nextTurn()
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

test('while it drains, all is answered on new connections, and it says that it is not ready', async (t) => {
  let isDraining = false
  const { app } = await openApp(t, { isDraining: () => isDraining })
  const base = await listen(app)
  const connectionOf = async (path: string) => {
    const { status, headers } = await fetch(base + path)
    return [status, headers.get('connection')]
  }
  assert.deepEqual(await connectionOf('/v1/models'), [200, 'keep-alive'])
  isDraining = true
  const ready = await fetch(`${base}/health/ready?for=writes`)
  assert.equal(ready.status, 503)
  assert.match(await ready.text(), /The server is shutting down/)
  assert.deepEqual(await connectionOf('/v1/models'), [200, 'close'])
})

/** Opens connections with a request in each, says when all are sent, then what came of each. */
const clients = `
  const { workerData: { port, count, sent }, parentPort } = require('node:worker_threads')
  const { connect } = require('node:net')
  let open = count
  const ask = () => new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1')
    socket.write('GET /health/live HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n', () => {
      if (--open === 0) { Atomics.store(sent, 0, 1); Atomics.notify(sent, 0) }
    })
    socket.on('data', (bytes) => { answer += bytes })
    socket.on('error', (error) => { answer += error.code })
    socket.on('close', () => resolve(answer.split('\\r\\n')[0]))
  })
  Promise.all(Array.from({ length: count }, ask)).then((answers) => parentPort.postMessage(answers))`

test('what waits to be accepted when it closes is answered, none is reset', async (t) => {
  const { app } = await openApp(t)
  const { port } = new URL(await listen(app))
  const count = 300
  const sent = new Int32Array(new SharedArrayBuffer(4))
  const workerData = { port: Number(port), count, sent }
  const asking = new Worker(clients, { eval: true, workerData, execArgv: [] })
  // The event loop stands still, so nothing is accepted; the kernel takes the connections.
  Atomics.wait(sent, 0, 0, 240_000)
  const closed = app.close()
  const [answers] = (await once(asking, 'message')) as [string[]]
  assert.deepEqual(new Set(answers), new Set(['HTTP/1.1 200 OK']))
  assert.equal(answers.length, count)
  await closed
})

test('connections without a request in them hold up nothing', { timeout: 60_000 }, async (t) => {
  const { app } = await openApp(t)
  const base = new URL(await listen(app))
  const fresh = connect(Number(base.port), '127.0.0.1')
  await once(fresh, 'connect')
  const kept = connect(Number(base.port), '127.0.0.1')
  kept.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await once(kept, 'data')
  await app.close()
})
