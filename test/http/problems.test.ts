import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { json as parsed } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { errorCodes } from '../../src/errors.ts'
import { listen, openApp } from '../support/app.ts'
import { dotBiasModel } from '../support/models.ts'

type Answer = Awaited<ReturnType<Awaited<ReturnType<typeof openApp>>['call']>>

/** The answer is a whole problem document with this code and these pointers. */
function isProblem(
  { status, headers, body }: Answer,
  code: keyof typeof errorCodes,
  ...at: string[]
) {
  assert.match(String(headers['content-type']), /^application\/problem\+json/)
  const { detail, instance, errors, ...rest } = body
  const { title } = errorCodes[code]
  assert.deepEqual(rest, { type: `/docs/errors#${code}`, title, status, code })
  assert.equal(status, errorCodes[code].status)
  assert.ok(detail.length > 10)
  assert.equal(instance, `#${headers['x-request-id'] ?? instance.slice(1)}`)
  assert.deepEqual(
    errors.map(({ pointer }: { pointer: string }) => pointer),
    at,
  )
  assert.doesNotMatch(JSON.stringify(body), /node_modules|\.ts:|at \w+ \(/)
}

async function openTrained(t: TestContext) {
  const bench = await openApp(t)
  await bench.publish(dotBiasModel(), 'v1')
  await bench.serving.refresh()
  return bench
}
const json = { 'content-type': 'application/json' }

test('an address that leads nowhere is not found, whatever is sent to it', async (t) => {
  const { call } = await openApp(t)
  isProblem(await call('GET /v1/nothing'), 'not-found')
  isProblem(await call('POST /nothing', { headers: json, payload: '{' }), 'not-found')
})

test('a method that an address does not take is answered with those that it takes', async (t) => {
  const { call } = await openApp(t)
  for (const [target, allowed] of [
    ['PUT /v1/movies?n=1', 'GET, HEAD'],
    ['GET /v1/predictions', 'POST'],
    ['PATCH /v1/training-jobs/x', 'DELETE, GET, HEAD'],
    ['OPTIONS /v1/models/rollback', 'GET, HEAD, POST'],
    ['POST /docs/static/index.css', 'GET, HEAD'],
  ]) {
    const answer = await call(target!)
    isProblem(answer, 'method-not-allowed')
    assert.equal(answer.headers.allow, allowed, target)
  }
})

test('the id of a request is kept where it is sane', async (t) => {
  const { call } = await openApp(t)
  const idFor = async (id: string) =>
    (await call('GET /v1/movies', { headers: { 'x-request-id': id } })).headers['x-request-id']
  for (const id of ['0b7c3a52-7d5e-4f6f-9a51-1f4d2f0f9a11', 'a'.repeat(128)])
    assert.equal(await idFor(id), id)
  for (const id of ['', 'a b', 'Root=1', 'é', '<i>', 'a'.repeat(129)])
    assert.notEqual(await idFor(id), id)
})

test('an address that is not readable is not valid', async (t) => {
  const { call } = await openApp(t)
  isProblem(await call('GET /v1/users/%zz/recommendations'), 'invalid-request')
})

test('without a model, what needs one says so and when to ask again', async (t) => {
  const { call } = await openApp(t)
  for (const target of [
    'GET /v1/users/u1/predictions/m1',
    'GET /v1/users/u1/recommendations',
    'GET /v1/movies/rankings/bias',
  ]) {
    const answer = await call(target)
    isProblem(answer, 'no-model')
    assert.equal(answer.headers['retry-after'], '30')
  }
  const payload = { pairs: [{ userId: 'u', movieId: 'm' }] }
  isProblem(await call('POST /v1/predictions', { payload }), 'no-model')
})

test('a movie that nobody knows', async (t) => {
  const { call } = await openTrained(t)
  isProblem(await call('GET /v1/users/u1/predictions/m99'), 'unknown-movie')
  isProblem(await call('GET /v1/movies/m99'), 'unknown-movie')
})

test('queries with unknown names or values out of bounds', async (t) => {
  const { call } = await openTrained(t)
  const list = '/v1/users/u1/recommendations'
  for (const [query, pointer] of [
    ['n=0', '/query/n'],
    ['n=101', '/query/n'],
    ['n=', '/query/n'],
    ['n=1.5', '/query/n'],
    ['n=0x10', '/query/n'],
    ['n=1&n=2', '/query/n'],
    ['excludeRated=yes', '/query/excludeRated'],
    ['minRatings=-1', '/query/minRatings'],
    ['genres=', '/query/genres/0'],
    ['yearFrom=x', '/query/yearFrom'],
    ['N=3', '/query/N'],
    ['__proto__=1', '/query/__proto__'],
  ])
    isProblem(await call(`GET ${list}?${query}`), 'invalid-request', pointer!)
  isProblem(await call('GET /v1/movies?cursor=forged'), 'invalid-request', '/query/cursor')
  isProblem(
    await call('GET /v1/movies/rankings/bias?order=up&mostRated=0'),
    'invalid-request',
    '/query/order',
    '/query/mostRated',
  )
})

test('bodies with unknown fields, wrong types or nothing at all', async (t) => {
  const { call } = await openTrained(t)
  const post = (payload: unknown) =>
    call('POST /v1/training-jobs', { headers: json, payload: JSON.stringify(payload) })
  isProblem(await post({ algorithm: 'dot', foo: 1, 'a/b': 2 }), 'invalid-request', '/foo', '/a~1b')
  isProblem(await post({ algorithm: 'dot', split: { x: 1 } }), 'invalid-request', '/split/x')
  isProblem(await post({ algorithm: 'svd' }), 'invalid-request', '/algorithm')
  isProblem(await post({ algorithm: 'dot', factors: '50' }), 'invalid-request', '/factors')
  isProblem(await post([]), 'invalid-request', '')
  isProblem(await post(null), 'invalid-request', '')
  isProblem(await call('POST /v1/training-jobs'), 'invalid-request', '')
  isProblem(await call('POST /v1/training-jobs', { headers: json }), 'invalid-request', '')
  const pairs = { pairs: [{ userId: 'u', movieId: 'm', extra: 1 }] }
  isProblem(
    await call('POST /v1/predictions', { payload: pairs }),
    'invalid-request',
    '/pairs/0/extra',
  )
})

test('an unknown field is answered with those that are known there, and the nearest of them', async (t) => {
  const { call } = await openTrained(t)
  const details = async (target: string, payload?: object): Promise<string> => {
    const { body } = await call(target, payload ? { payload } : {})
    return body.errors.map(({ detail }: { detail: string }) => detail).join('\n')
  }
  const jobs = 'POST /v1/training-jobs'
  const bayes = await details(jobs, { algorithm: 'bayes', sweep: 3 })
  assert.match(
    bayes,
    /There is no such field here\. Did you mean sweeps\? Expected one of: algorithm/,
  )
  assert.match(bayes, /, burnIn, chains, /)
  assert.doesNotMatch(bayes, /momentum/)
  const split = await details(jobs, { algorithm: 'dot', split: { shape: 1 } })
  assert.equal(split, 'There is no such field here. Expected one of: method, valid')
  const tune = { kind: 'tune', algorithm: 'dot', trials: 3, space: { factor: [1] } }
  assert.match(await details(jobs, tune), /Did you mean factors\?/)
  assert.match(await details('GET /v1/movies?titel=x'), /Did you mean title\? .*cursor, n$/)
  const long = await details(jobs, { algorithm: 'dot', ['e'.repeat(500_000)]: 1 })
  assert.match(long, /^There is no such field here\. Expected one of: /)
  const users = [{ userId: 'u1', rating: [] }]
  const { text } = await call('POST /v1/recommendations/batch', { payload: { users } })
  assert.match(text, /Did you mean ratings\? Expected one of: userId, ratings/)
})

test('bodies that are not JSON', async (t) => {
  const { call } = await openTrained(t)
  const post = (payload: string, headers: Record<string, string> = json) =>
    call('POST /v1/predictions', { headers, payload })
  isProblem(await post('{"pairs": ['), 'invalid-request')
  for (const poisoned of ['{"__proto__": {}, "pairs": []}', '{"constructor": {"prototype": {}}}']) {
    const answer = await post(poisoned)
    isProblem(answer, 'invalid-request')
    assert.match(answer.body.detail, /a member named "__proto__"/)
  }
  for (const type of ['text/plain', 'application/xml', 'nonsense'])
    isProblem(await post('{}', { 'content-type': type }), 'unsupported-media-type')
  isProblem(await post(' '.repeat(1_048_577)), 'too-large')
})

test('a fault of ours tells nothing of itself, and the log tells all', async (t) => {
  const { app, call, lines, serving } = await openApp(t)
  serving.catalogue = () => {
    throw new Error('secret path /etc/x')
  }
  const answer = await call('GET /v1/movies')
  isProblem(answer, 'internal')
  assert.doesNotMatch(answer.text, /secret/)
  const line = lines.find(({ msg }) => msg === 'A request failed by a fault.')!
  assert.equal(line['reqId'], answer.headers['x-request-id'])
  assert.match(JSON.stringify(line), /secret path/)
  assert.ok(app)
})

test('an expectation that cannot be met gets a problem document', async (t) => {
  const { app } = await openApp(t)
  const { hostname, port } = new URL(await listen(app))
  const headers = { expect: '200-maybe', 'x-request-id': 'mine' }
  const sent = request({ hostname, port, path: '/v1/movies', headers }).end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  const body = (await parsed(answer)) as { instance: string }
  const { statusCode: status = 0 } = answer
  isProblem({ status, headers: answer.headers, body, text: '' }, 'expectation-failed')
  assert.equal(body.instance, '#mine')
})

/** All that comes back for bytes on a connection. */
async function answerTo(base: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(base).port), '127.0.0.1')
  socket.write(bytes)
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  await once(socket, 'close')
  return Buffer.concat(chunks).toString()
}

test('what is not even HTTP gets a problem document too', async (t) => {
  const { app } = await openApp(t)
  const [head, body] = (await answerTo(await listen(app), 'NONSENSE\r\n\r\n')).split('\r\n\r\n')
  assert.match(head!, /^HTTP\/1\.1 400 .*application\/problem\+json/s)
  assert.equal(JSON.parse(body!).code, 'invalid-request')
})

test('a request that is refused is refused once, whatever its body is', async (t) => {
  const { app } = await openApp(t)
  const odd = 'Expect: 200-maybe\r\nTransfer-Encoding: identity'
  const asked = `GET /v1/movies HTTP/1.1\r\nHost: x\r\n${odd}\r\n\r\n`
  const answers = (await answerTo(await listen(app), asked)).match(/HTTP\/1\.1 \d+/g)
  assert.equal(answers?.length, 1, `${answers}`)
})

test('every code has a line on the page that its type points to', async (t) => {
  const { call } = await openApp(t)
  const { status, text } = await call('GET /docs/errors')
  assert.equal(status, 200)
  for (const code of Object.keys(errorCodes)) assert.ok(text.includes(`id="${code}"`), code)
})
