import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
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

test('a body is taken, or refused, as the parser of Fastify takes it', async (t) => {
  const [app, plain] = [Fastify(), Fastify()]
  t.after(() => Promise.all([app.close(), plain.close()]))
  app.removeAllContentTypeParsers()
  parseJsonBodies(app.withTypeProvider(), 1_000)
  for (const one of [app, plain]) one.post('/', async ({ body }) => ({ body }))
  const member = fc.oneof(
    fc.constantFrom('"a"', '"__proto__"', '"constructor"', '"\\u005f_proto__"', '"\\"'),
    fc.json().map((text) => JSON.stringify(text)),
  )
  const value = fc.oneof(fc.json(), fc.constantFrom('{"prototype":1}', '{', '1e999', ''))
  const text = fc.oneof(
    fc.json(),
    fc.tuple(member, value).map(([name, of]) => `{${name}:${of}}`),
    value.map((json) => `\ufeff${json}`),
  )
  const headers = { 'content-type': 'application/json' }
  await fc.assert(
    fc.asyncProperty(text, async (payload) => {
      // What is empty is for the schema of the route to judge.
      fc.pre(payload !== '')
      const [ours, theirs] = await Promise.all(
        [app, plain].map((one) => one.inject({ method: 'POST', url: '/', headers, payload })),
      )
      assert.equal(ours!.statusCode < 400, theirs!.statusCode < 400, payload)
      if (theirs!.statusCode < 400) assert.equal(ours!.body, theirs!.body)
    }),
    { numRuns: 300 },
  )
})
