import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { ZipFile } from 'yazl'
import { listen, openApp } from '../support/app.ts'
import { moviesCsv } from '../support/bench.ts'
import { until } from '../support/marquee.ts'

const ratingsCsv = 'userId,movieId,rating,timestamp\n1,10,4.5,1000\n1,11,bad,1000\n2,10,3,1000\n'
const sample = new URL('../../sample/ml-latest-small-2016.zip', import.meta.url)

/** Bytes that arrive in pieces and whose number the server does not know beforehand. */
function pieces(count: number, text: string): ReadableStream<Uint8Array> {
  const piece = Buffer.from(text)
  return new ReadableStream({
    pull(controller) {
      if (count-- > 0) controller.enqueue(piece)
      else controller.close()
    },
  })
}

test('a file is taken under any type or none, and bad lines are reported', async (t) => {
  const { call } = await openApp(t)
  const types = ['text/csv', 'text/plain', 'application/json', 'application/x-www-form-urlencoded']
  for (const type of [...types, 'application/octet-stream', 'x/y; charset=utf-8', undefined]) {
    const { status, body } = await call('POST /v1/ratings/import', {
      headers: type === undefined ? {} : { 'content-type': type },
      payload: Buffer.from(ratingsCsv),
    })
    assert.equal(status, 200, `${type}`)
    const { segment, refusals, scale, ...report } = body
    assert.deepEqual(report, { format: 'ratings.csv', accepted: 2, refused: 1 })
    assert.equal(refusals[0].line, 3)
    assert.match(refusals[0].reason, /bad/)
    assert.deepEqual([scale.lowest, scale.highest, scale.declared, scale.farOff], [3, 4.5, null, 0])
    assert.ok(segment)
  }
})

test('a scale is declared with an import, and binds those after it', async (t) => {
  const { call } = await openApp(t)
  const csv = 'userId,movieId,rating\n1,10,4.5\n1,11,45\n2,10,-3\n'
  const declared = await call('POST /v1/ratings/import?ratingScale=0.5,5', { payload: csv })
  assert.deepEqual([declared.body.accepted, declared.body.scale.declared], [1, [0.5, 5]])
  const later = await call('POST /v1/ratings/import', { payload: csv })
  assert.deepEqual(
    later.body.refusals.map(({ reason }: { reason: string }) => reason),
    [
      'rating "45" is outside the declared scale, 0.5 to 5',
      'rating "-3" is outside the declared scale, 0.5 to 5',
    ],
  )
  const wider = await call('POST /v1/ratings/import?ratingScale=-10,10', { payload: csv })
  assert.deepEqual([wider.body.accepted, wider.body.scale.declared], [2, [-10, 10]])
  for (const scale of ['5,1', '1', '1,1', 'a,b', '1,5,9', '', '1,Infinity']) {
    const { status, body } = await call(`POST /v1/ratings/import?ratingScale=${scale}`, {
      payload: csv,
    })
    assert.deepEqual([status, body.errors?.[0].pointer], [400, '/query/ratingScale'], scale)
  }
})

test('imported movies are found by the next request', async (t) => {
  const { call } = await openApp(t)
  assert.equal((await call('POST /v1/movies/import', { payload: moviesCsv })).status, 200)
  assert.equal((await call('GET /v1/movies/m1')).body.title, 'Amélie')
})

test('users are imported, and neither answer nor log shows an attribute', async (t) => {
  const { call, lines } = await openApp(t)
  const csv = 'userId,job,zip\n1,spy,94043\n2,spy,94043\n3,spy\n'
  const { status, body } = await call('POST /v1/users/import', { payload: csv })
  assert.deepEqual([status, body.accepted, body.refused], [200, 2, 1])
  const refused = await call('POST /v1/users/import', { payload: '3,spy,94043\n' })
  assert.deepEqual([refused.status, refused.body.code], [422, 'unrecognised-format'])
  for (const text of [body, refused.body, lines].map((shown) => JSON.stringify(shown)))
    assert.doesNotMatch(text, /spy|94043/)
})

test('the zip of MovieLens is taken as it is', async (t) => {
  const { call } = await openApp(t)
  const { status, body } = await call('POST /v1/import', { payload: await readFile(sample) })
  assert.equal(status, 200)
  assert.deepEqual([body.ratings.accepted, body.movies.accepted], [100_004, 9_066])
  assert.equal((await call('GET /v1/movies?n=1')).body.items.length, 1)
})

test('nothing and garbage are refused in a sentence', async (t) => {
  const { call } = await openApp(t)
  for (const path of [
    '/v1/ratings/import',
    '/v1/movies/import',
    '/v1/users/import',
    '/v1/import',
  ]) {
    for (const payload of [undefined, Buffer.alloc(0), Buffer.alloc(5_000, 7), Buffer.from('PK')]) {
      const { status, body } = await call(`POST ${path}`, payload && { payload })
      assert.equal(status, 422, `${path} ${payload?.length}`)
      assert.match(body.code, /^(no-good-line|unrecognised-format|unsafe-archive)$/)
      assert.match(body.detail, /\.$/)
    }
  }
})

test('a file is taken in gzip or zip, whatever its type says, or in that content encoding', async (t) => {
  const { call } = await openApp(t)
  const zip = new ZipFile()
  zip.addBuffer(Buffer.from(ratingsCsv), 'my export/mine.csv')
  zip.end()
  const gzip = gzipSync(ratingsCsv)
  for (const [payload, headers] of [
    [gzip, { 'content-type': 'application/gzip' }],
    [gzip, { 'content-type': 'text/csv' }],
    [gzip, { 'content-type': 'text/csv', 'content-encoding': 'gzip' }],
    [gzipSync(gzip), { 'content-type': 'application/gzip', 'content-encoding': 'gzip' }],
    [await buffer(zip.outputStream), { 'content-type': 'application/zip' }],
  ] as const) {
    const { status, body } = await call('POST /v1/ratings/import', { headers, payload })
    assert.deepEqual([status, body.accepted, body.refused], [200, 2, 1])
  }
  const cut = await call('POST /v1/ratings/import', { payload: gzip.subarray(0, -9) })
  assert.deepEqual([cut.status, cut.body.code], [422, 'unsafe-archive'])
  const headers = { 'content-encoding': 'gzip' }
  const plain = await call('POST /v1/ratings/import', { headers, payload: ratingsCsv })
  assert.deepEqual([plain.status, plain.body.code], [422, 'unsafe-archive'])
})

test('columns are given by name or position, and refused with what was expected', async (t) => {
  const { call } = await openApp(t)
  const send = (columns: string, payload: string) =>
    call(`POST /v1/ratings/import?columns=${encodeURIComponent(columns)}`, { payload })
  const named = await send('user:who,movie:film,rating:mark', 'who,film,mark\n1,2,3\n')
  assert.deepEqual([named.status, named.body.accepted], [200, 1])
  const placed = await send('rating:1,movie:2,user:3', '3,2,1\n4,2,5\n')
  assert.deepEqual([placed.status, placed.body.accepted], [200, 2])
  const wrong = await send('user:1', '3,2,1\n')
  assert.deepEqual([wrong.status, wrong.body.errors[0].pointer], [400, '/query/columns'])
  const header = await send('user:1,movie:2,rating:3', ratingsCsv)
  assert.deepEqual([header.status, header.body.code], [422, 'unrecognised-format'])
})

test('a form and an encoding that is not taken are told how to come instead', async (t) => {
  const { call } = await openApp(t)
  for (const headers of [
    { 'content-type': 'multipart/form-data; boundary=x' },
    { 'content-type': 'text/csv', 'content-encoding': 'br' },
  ]) {
    const { status, body } = await call('POST /v1/ratings/import', { headers, payload: ratingsCsv })
    assert.deepEqual([status, body.code], [415, 'unsupported-media-type'])
  }
})

test('a body over the limit is refused while it arrives, and the answer arrives too', async (t) => {
  const { app, store } = await openApp(t, { importLimitBytes: 100_000 })
  const base = await listen(app)
  const line = '1,10,4.5,1000\n'
  for (const path of ['/v1/ratings/import', '/v1/movies/import', '/v1/import']) {
    const header = path.includes('movies') ? 'movieId,title,genres\n' : 'userId,movieId,rating\n'
    for (const body of [pieces(300, header + line.repeat(5_000)), (header + line).repeat(1e6)]) {
      const init = { method: 'POST', body, duplex: 'half' } as RequestInit
      const response = await fetch(base + path, init)
      const { status, code } = (await response.json()) as { status: number; code: string }
      assert.deepEqual([response.status, status, code], [413, 413, 'too-large'])
    }
  }
  assert.deepEqual(await store.list(''), [], 'nothing is stored')
})

test('who sends all before reading gets the answer, who never stops is cut off', async (t) => {
  const { app } = await openApp(t, { importLimitBytes: 100_000_000 })
  const { port } = new URL(await listen(app))
  const megabyte = Buffer.from('a,b\n'.repeat(250_000))
  const send = (body: Readable) => {
    const socket = connect(Number(port), '127.0.0.1').pause()
    socket.on('error', () => {})
    socket.write(
      'POST /v1/ratings/import HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n' +
        'f0000000\r\n',
    )
    body.pipe(socket, { end: false })
    return socket
  }
  const long = Readable.from(Array(20).fill(megabyte))
  const patient = send(long)
  await once(long, 'end')
  const [answer] = (await once(patient.resume(), 'data')) as [Buffer]
  assert.match(answer.toString(), /^HTTP\/1\.1 422 /, 'its first line is no header')
  patient.destroy()

  const endless = new Readable({ read: () => void endless.push(megabyte) })
  const stubborn = send(endless).resume()
  await new Promise((resolve) => stubborn.once('close', resolve))
})

test('a body just within the limit is taken, and its connection serves on', async (t) => {
  const { app, call } = await openApp(t, { importLimitBytes: ratingsCsv.length })
  assert.equal((await call('POST /v1/ratings/import', { payload: ratingsCsv })).status, 200)
  const over = await call('POST /v1/ratings/import', { payload: `${ratingsCsv}\n` })
  assert.equal(over.status, 413)
  assert.ok(app)
})

test('an import that breaks off stores nothing and is no fault of ours', async (t) => {
  const { app, store, lines } = await openApp(t)
  const { port } = new URL(await listen(app))
  const upload = request({ port, host: '127.0.0.1', method: 'POST', path: '/v1/ratings/import' })
  upload.on('error', () => {})
  app.server.once('request', () => upload.destroy())
  upload.write(ratingsCsv)
  await until(() => lines.some(({ msg }) => String(msg).startsWith('A client went away')))
  assert.deepEqual(await store.list(''), [])
  assert.deepEqual(
    lines.filter(({ level }) => Number(level) >= 50),
    [],
  )
})
