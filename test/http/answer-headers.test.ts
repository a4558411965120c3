import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { parse } from 'yaml'
import { safeHeaders } from '../../src/http/answer-headers.ts'
import { apiKeys, keys, listen, openApp } from '../support/app.ts'
import { dotBiasModel } from '../support/models.ts'

type Operation = { operationId: string; security?: unknown[] }
const written = await readFile(new URL('../../openapi.yaml', import.meta.url), 'utf8')
const { paths } = parse(written) as { paths: Record<string, Record<string, Operation>> }
const ids: Record<string, string> = { userId: 'u1', movieId: 'm1', version: 'v1' }

async function openTrained(t: TestContext) {
  const bench = await openApp(t, { apiKeys })
  await bench.publish(dotBiasModel(), 'v1')
  await bench.importMovies()
  await bench.serving.refresh()
  return bench
}

/** Sends text as it is; gives what comes back until the connection ends. */
async function sendRaw(t: TestContext, text: string) {
  const bench = await openTrained(t)
  const { port } = new URL(await listen(bench.app))
  const socket = connect(Number(port), '127.0.0.1')
  let got = ''
  socket.on('data', (bytes) => {
    got += bytes
  })
  socket.on('error', () => {})
  socket.write(text)
  await once(socket, 'close')
  const [head = '', body = ''] = got.split('\r\n\r\n')
  const headers = Object.fromEntries(
    [...head.matchAll(/^([\w-]+): (.*)$/gm)].map(([, name, value]) => [
      name!.toLowerCase(),
      value!.trim(),
    ]),
  )
  return { ...bench, got, body, headers, status: Number(head.split(' ')[1]) }
}

test('no cache keeps what a key was needed for, but to ask whether it is still the answer', async (t) => {
  const { call } = await openTrained(t)
  for (const [path, methods] of Object.entries(paths))
    for (const [method, { operationId, security }] of Object.entries(methods))
      for (const key of [keys.admin, 'wrong']) {
        const url = path.replaceAll(/\{(\w+)\}/g, (_, name) => ids[name] ?? 'x')
        const target = `${method.toUpperCase()} ${url}`
        const { headers } = await call(target, { headers: { 'x-api-key': key } })
        const { 'cache-control': control, etag } = headers
        // The file of a model has an ETag for its ranges, and all ratings.
        const isKept = etag !== undefined && operationId !== 'getModelFile'
        const isForAnyone = security?.length === 0
        const expected = isForAnyone
          ? 'no-store'
          : isKept
            ? 'private, no-cache'
            : 'private, no-store'
        assert.equal(control?.replace(', no-transform', ''), expected, operationId)
        for (const [name, value] of Object.entries(safeHeaders))
          if (name !== 'cache-control') assert.equal(headers[name], value, operationId)
      }
  const list = await call('GET /v1/users/u1/recommendations', {
    headers: { 'x-api-key': keys.read },
  })
  assert.equal(list.status, 200)
  assert.ok(list.headers.etag)
})

test('pages of the documentation run what is theirs, in no frame', async (t) => {
  const { call } = await openTrained(t)
  const pages = [
    '/docs/',
    '/docs/errors',
    '/docs/static/index.html',
    '/docs/nothing',
    '/openapi.json',
  ]
  for (const page of pages) {
    const { headers } = await call(`GET ${page}`)
    const policy = String(headers['content-security-policy'])
    assert.match(policy, /default-src 'none'.*frame-ancestors 'none'/, page)
    assert.doesNotMatch(policy, /script-src [^;]*(unsafe|http)/)
    assert.equal(headers['x-content-type-options'], 'nosniff', page)
  }
  const { headers } = await call('GET /docs/static/index.html')
  assert.match(String(headers['content-security-policy']), /script-src 'self'/)
})

test('an address that cannot be read is refused under an id that the log has', async (t) => {
  const { call, lines } = await openTrained(t)
  for (const path of ['/%zz', '/v1/users/%zz/ratings', `/v1/movies/${'x'.repeat(1_201)}`, '/%ff']) {
    const { status, headers, body } = await call(`GET ${path}`, {
      headers: { 'x-api-key': keys.read },
    })
    assert.ok(status >= 400 && status < 500, path)
    assert.match(String(headers['content-type']), /^application\/problem\+json/, path)
    assert.equal(body.instance, `#${headers['x-request-id']}`, path)
    assert.equal(headers['x-content-type-options'], 'nosniff', path)
    assert.ok(
      lines.some(({ reqId }) => reqId === headers['x-request-id']),
      path,
    )
  }
})

const get = 'GET /v1/movies HTTP/1.1\r\n'
const hosted = `Host: x\r\nX-API-Key: ${keys.admin}\r\n`
for (const [what, text, code] of [
  ['not even HTTP', 'NONSENSE\r\n\r\n', 'invalid-request'],
  ['a header too large', `${get}X: ${'x'.repeat(20_000)}`, 'headers-too-large'],
  ['an address too long', `GET /${'x'.repeat(20_000)}`, 'headers-too-large'],
  ['a request without Host', `${get}Connection: close\r\n\r\n`, 'invalid-request'],
  [
    'two lengths',
    `${get}${hosted}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`,
    'invalid-request',
  ],
  ['an unknown expectation', `${get}${hosted}Expect: 200-maybe\r\n\r\n`, 'expectation-failed'],
])
  test(`${what} is refused by a problem document, under an id that the log has`, async (t) => {
    const { headers, body, status, lines } = await sendRaw(t, text!)
    const problem = JSON.parse(body)
    assert.deepEqual([problem.code, problem.status], [code, status])
    assert.match(headers['content-type']!, /^application\/problem\+json/)
    assert.equal(problem.instance, `#${headers['x-request-id']}`)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    const [line, ...others] = lines.filter(({ reqId }) => reqId === headers['x-request-id'])
    assert.equal(line!['status'], status)
    assert.deepEqual(others, [])
  })

test('what is not HTTP spoils no answer that is under way before it', async (t) => {
  const { got } = await sendRaw(t, `GET /v1/imports HTTP/1.1\r\n${hosted}\r\nNONSENSE\r\n\r\n`)
  assert.match(got, /^HTTP\/1\.1 200 /)
  assert.equal(got.match(/HTTP\/1\.1/g)!.length, 1)
  assert.match(got, /"items":.*\}$/s)
})

test('who asks before sending a body is told to go on once the key was good', async (t) => {
  const csv = 'userId,movieId,rating\n1,1,5\n'
  const request = (key: string) =>
    `POST /v1/ratings/import HTTP/1.1\r\nHost: x\r\nX-API-Key: ${key}\r\nExpect: 100-continue\r\n` +
    `Content-Length: ${csv.length}\r\n`
  const refused = await sendRaw(t, `${request('nonsense')}\r\n`)
  assert.equal(refused.status, 401)
  assert.doesNotMatch(refused.got, /100 Continue/)
  const taken = await sendRaw(t, `${request(keys.write)}Connection: close\r\n\r\n${csv}`)
  assert.match(taken.got, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /)
})

for (const [what, target, length, status] of [
  ['an address that is none', 'POST /v1/rating/import', 28, 404],
  ['a method that it does not take', 'PUT /v1/ratings/import', 28, 405],
  ['more than an import may have', 'POST /v1/ratings/import', 2 ** 40, 413],
  ['more than JSON may have', 'POST /v1/predictions', 2 ** 21, 413],
] as const)
  test(`who asks before sending a body is refused at once: ${what}`, async (t) => {
    const expecting = `${target} HTTP/1.1\r\n${hosted}Expect: 100-continue\r\n`
    const body = `Content-Type: application/json\r\nContent-Length: ${length}\r\n`
    const refused = await sendRaw(t, `${expecting}${body}\r\n`)
    assert.match(refused.got, /^HTTP\/1\.1 4/)
    assert.deepEqual([refused.status, refused.headers['connection']], [status, 'close'])
  })
