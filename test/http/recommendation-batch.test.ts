import assert from 'node:assert/strict'
import { request } from 'node:http'
import { Readable } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { ndjson } from '../../src/http/out/ndjson.ts'
import { listen, openApp } from '../support/app.ts'
import { dotBiasModel } from '../support/models.ts'

async function openTrained(t: TestContext) {
  const bench = await openApp(t)
  await bench.publish(dotBiasModel({ users: 30, movies: 40 }), 'v1')
  await bench.serving.refresh()
  const batch = async (payload: object) => {
    const { status, headers, text } = await bench.call('POST /v1/recommendations/batch', {
      payload,
    })
    assert.equal(status, 200, text)
    assert.match(String(headers['content-type']), /^application\/x-ndjson/)
    assert.ok(text.endsWith('\n'))
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  }
  return { ...bench, batch }
}
const ratings = [{ movieId: 'm3', rating: 5 }]

test('each line is the list that its user would get alone', async (t) => {
  const { batch, call } = await openTrained(t)
  const users = [{ userId: 'u7' }, { ratings }, { userId: 'nobody' }, { userId: 'u7' }]
  const lines = await batch({ users, n: 4, diversity: 0.4, minRatings: 1 })
  assert.equal(lines.length, 4)
  for (const [i, user] of users.entries()) {
    const payload = { ...user, n: 4, diversity: 0.4, minRatings: 1 }
    assert.deepEqual(lines[i], (await call('POST /v1/recommendations', { payload })).body)
  }
  const payload = { userId: 'u7', n: 4, diversity: 0.4, minRatings: 1, cursor: lines[0].nextCursor }
  assert.equal((await call('POST /v1/recommendations', { payload })).status, 200)
})

test('what is wrong with one user is a line of its own', async (t) => {
  const { batch } = await openTrained(t)
  const off = { ratings: [{ movieId: 'm3', rating: 50 }] }
  const users = [{ userId: 'u1', ratings }, 'u2', off, { userId: 'u3' }, { user: 'u4' }]
  const lines = await batch({ users, n: 1 })
  const said = lines.map(({ line, code, errors }) => [line, code, errors?.[0]?.pointer])
  assert.deepEqual(said, [
    [0, 'invalid-request', '/userId'],
    [1, 'invalid-request', ''],
    [2, 'invalid-request', '/ratings/0/rating'],
    [undefined, undefined, undefined],
    [4, 'invalid-request', '/user'],
  ])
  assert.equal(lines[3].items.length, 1)
})

test('what is wrong with the batch itself is a problem', async (t) => {
  const { call } = await openTrained(t)
  const users = [{ userId: 'u1' }]
  for (const [payload, pointer] of [
    [{}, '/users'],
    [{ users: [] }, '/users'],
    [{ users: Array.from({ length: 10_001 }, () => users[0]) }, '/users'],
    [{ users, n: 0 }, '/n'],
    [{ users, cursor: 'x' }, '/cursor'],
  ] as const) {
    const { status, body } = await call('POST /v1/recommendations/batch', { payload })
    assert.deepEqual([status, body.errors[0].pointer], [400, pointer])
  }
})

test('all lines are from one model, though another comes to serve meanwhile', async (t) => {
  const { app, publish, serving } = await openTrained(t)
  const users = Array.from({ length: 2_000 }, (_, i) => ({ userId: `u${(i % 30) + 1}` }))
  const sent = request(`${await listen(app)}/v1/recommendations/batch`, { method: 'POST' })
  sent.setHeader('content-type', 'application/json')
  sent.end(JSON.stringify({ users, n: 20 }))
  const answer = await new Promise<Readable>((resolve) => sent.once('response', resolve))
  let text = ''
  for await (const chunk of answer) {
    if (text === '') {
      await publish(dotBiasModel({ users: 30, movies: 40, seed: 2 }), 'v2', 2)
      await serving.refresh()
      assert.equal(serving.snapshot().version, 'v2')
    }
    text += chunk
  }
  const models = text.trimEnd().split('\n')
  assert.equal(models.length, 2_000)
  assert.ok(models.every((line) => JSON.parse(line).model === 'v1'))
})

test('lines are made as they are read', async () => {
  let made = 0
  const items = Array.from({ length: 10_000 }, (_, i) => i)
  const lines = ndjson(items, async (item) => {
    made += 1
    return { item, text: 'x'.repeat(1_000) }
  })
  const stream = Readable.from(lines, { objectMode: false })
  stream.read(1)
  await new Promise((resolve) => stream.once('readable', resolve))
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
  assert.ok(made > 0 && made < 200, `${made} lines were made`)
  stream.destroy()
})

test('between two lines others get their turn', async () => {
  let turns = 0
  const count = () => {
    turns += 1
    timer = setImmediate(count)
  }
  let timer = setImmediate(count)
  for await (const line of ndjson([1, 2, 3, 4, 5], async (item) => item)) assert.ok(line)
  clearImmediate(timer)
  assert.ok(turns >= 4, `${turns} turns`)
})
