import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import Fastify from 'fastify'
import { parseJsonBodies } from '../../src/http/in/json-body.ts'

test('a body that does not arrive in time ends its connection, and only that', async (t) => {
  const app = Fastify()
  t.after(() => app.close())
  app.removeAllContentTypeParsers()
  parseJsonBodies(app.withTypeProvider(), 100)
  app.post('/', async ({ body }) => body)
  app.get('/', () => new Promise((resolve) => setTimeout(() => resolve('late'), 300)))
  const base = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))

  const slow = connect(Number(base.port), '127.0.0.1')
  const head =
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n'
  slow.write(`${head}{"a"`)
  const late = fetch(base)
  await once(slow.resume(), 'close')
  assert.equal(await (await late).text(), 'late', 'the answer may take its time')

  const headers = { 'content-type': 'application/json' }
  const whole = await fetch(base, { method: 'POST', headers, body: '{"a":1}' })
  assert.deepEqual(await whole.json(), { a: 1 })
})
