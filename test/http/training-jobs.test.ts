import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import { Redis } from 'ioredis'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { encodeTexts } from '../../src/serving/text-cursor.ts'
import { openBench } from '../queue/queue-bench.ts'
import { stubReport } from '../queue/stub-trainings.ts'
import { listen, openApp } from '../support/app.ts'
import { until } from '../support/marquee.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

let redis: TestRedis
before(async () => {
  redis = await startRedis()
})
after(() => redis.stop())

const ratingsCsv = 'userId,movieId,rating,timestamp\n1,10,4.5,1000\n2,10,3,1000\n'
const spec = { algorithm: 'dot-bias', epochs: 5, seed: 0 }

/** The app with ratings, a queue and, unless told, no worker: jobs stay queued. */
async function openWithQueue(t: TestContext, server = redis) {
  const { queue, startWorker } = await openBench(t, server.url)
  const signals: AbortSignal[] = []
  const events: typeof queue.events = (id, options) => {
    signals.push(options.signal)
    return queue.events(id, options)
  }
  const bench = await openApp(t, { queue: { ...queue, events }, keepAliveMs: 100 })
  await bench.call('POST /v1/ratings/import', { payload: ratingsCsv })
  const start = async (payload: object = spec) => {
    const { status, body } = await bench.call('POST /v1/training-jobs', { payload })
    assert.equal(status, 202)
    return body.id as string
  }
  return { ...bench, start, startWorker, signals }
}

/** The frames of a stream, as they arrive. */
async function* framesOf(response: Response): AsyncGenerator<string> {
  let rest = ''
  for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
    const frames = (rest + text).split('\n\n')
    rest = frames.pop()!
    yield* frames
  }
}

/** The next frame that is an event; on a slow machine the stream is kept alive before it. */
async function nextEvent(frames: AsyncGenerator<string>): Promise<string> {
  for (;;) {
    const { value = '' } = await frames.next()
    if (value !== ': keep-alive') return value
  }
}

/** The events among the frames. */
async function eventsOf(response: Response) {
  const events: { id: string; event: string; data: { epoch?: number; state?: string } }[] = []
  for await (const frame of framesOf(response)) {
    const match = /^id: (.+)\nevent: (.+)\ndata: (.+)$/.exec(frame)
    if (match) events.push({ id: match[1]!, event: match[2]!, data: JSON.parse(match[3]!) })
  }
  return events
}

test('a job is accepted with its address, its defaults filled in', async (t) => {
  const { call } = await openWithQueue(t)
  const { status, headers, body } = await call('POST /v1/training-jobs', {
    payload: { algorithm: 'net' },
  })
  assert.equal(status, 202)
  assert.equal(headers['location'], `/v1/training-jobs/${body.id}`)
  assert.equal(body.state, 'queued')
  assert.deepEqual(body.spec, trainingSpecSchema.parse({ algorithm: 'net' }))
  assert.deepEqual((await call(`GET ${headers['location']}`)).body, body)
  const { epochs, ...listed } = body
  assert.deepEqual(epochs, [])
  assert.deepEqual((await call('GET /v1/training-jobs?n=1')).body, {
    items: [listed],
    nextCursor: null,
  })
})

test('an identical job is refused with the id of the one that is under way', async (t) => {
  const { call, start } = await openWithQueue(t)
  const id = await start()
  const { status, body } = await call('POST /v1/training-jobs', { payload: spec })
  assert.deepEqual([status, body.code, body.jobId], [409, 'duplicate-job', id])
})

test('a tuning and a search for a rate are jobs like any other', async (t) => {
  const { call } = await openWithQueue(t)
  const tuning = { kind: 'tune', algorithm: 'dot-bias', trials: 3, space: { factors: [5, 10] } }
  const search = { kind: 'find-rate', training: { algorithm: 'net' } }
  const ids: string[] = []
  for (const [payload, result] of [
    [tuning, { trials: [], winner: null }],
    [search, null],
    [{ ...spec, kind: 'train' }, null],
  ] as const) {
    const { status, body } = await call('POST /v1/training-jobs', { payload })
    assert.equal(status, 202)
    assert.deepEqual([body.kind, body.result, body.model], [payload.kind, result, null])
    assert.deepEqual((await call(`GET /v1/training-jobs/${body.id}`)).body, body)
    const again = await call('POST /v1/training-jobs', { payload })
    assert.deepEqual([again.status, again.body.jobId], [409, body.id])
    ids.unshift(body.id)
  }
  const { items } = (await call('GET /v1/training-jobs')).body
  assert.deepEqual(
    items.map(({ id }: { id: string }) => id),
    ids,
  )
  const twin = await call('POST /v1/training-jobs', { payload: spec })
  assert.equal(twin.status, 409, 'a training is the same with its kind and without')
  assert.equal((await call(`DELETE /v1/training-jobs/${ids[2]}`)).body.state, 'cancelled')
})

test('jobs come page by page and by their states, and what is no cursor is refused', async (t) => {
  const { call, start } = await openWithQueue(t)
  const ids: string[] = []
  for (let seed = 1; seed <= 5; seed++) ids.unshift(await start({ ...spec, seed }))
  await call(`DELETE /v1/training-jobs/${ids[1]}`)
  const seen: string[][] = []
  for (let cursor = ''; ; ) {
    const { body } = await call(`GET /v1/training-jobs?n=2${cursor}`)
    seen.push(body.items.map(({ id }: { id: string }) => id))
    if (body.nextCursor === null) break
    cursor = `&cursor=${body.nextCursor}`
  }
  assert.deepEqual(seen, [ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)])
  const { items } = (await call('GET /v1/training-jobs?state=cancelled,running')).body
  assert.deepEqual(
    items.map(({ id, state }: Record<string, string>) => [id, state]),
    [[ids[1], 'cancelled']],
  )
  for (const query of [
    'cursor=x',
    `cursor=${encodeTexts(['x', 'y'])}`,
    'state=x',
    'status=running',
  ])
    assert.equal((await call(`GET /v1/training-jobs?${query}`)).status, 400, query)
})

const tuning = { kind: 'tune', algorithm: 'dot-bias', trials: 3 }
const refused = [
  ['an unknown kind', { kind: 'dream' }, '/kind'],
  ['an unknown field of a tuning', { ...tuning, trails: 3 }, '/trails'],
  ['an unknown field of a search', { kind: 'find-rate', training: spec, trials: 1 }, '/trials'],
  ['a search without a training', { kind: 'find-rate' }, '/training'],
  ['an unknown hyper-parameter', { ...tuning, space: { factor: [1] } }, '/space/factor'],
  ['an empty space', { ...tuning, space: {} }, '/space'],
  ['an empty list of values', { ...tuning, space: { factors: [] } }, '/space/factors'],
  ['a value out of bounds', { ...tuning, space: { factors: [5, 0] } }, '/space/factors/1'],
  [
    'a range from more to less',
    { ...tuning, space: { epochs: { min: 5, max: 2 } } },
    '/space/epochs/max',
  ],
  [
    'a logarithm of zero',
    { ...tuning, space: { weightDecay: { min: 0, max: 1, log: true } } },
    '/space/weightDecay/min',
  ],
  [
    'a setting that the engine lacks',
    { ...tuning, engine: 'tensorflow', space: { optimizer: ['adam', 'per-rating'] } },
    '/space/optimizer',
  ],
  ['a budget of no trials', { ...tuning, trials: 0 }, '/trials'],
  ['a budget of no minutes', { ...tuning, minutes: 0 }, '/minutes'],
  ['no budget', { kind: 'tune', algorithm: 'dot-bias' }, '/trials'],
] as const

test('what cannot be a job is refused with a pointer to what is wrong', async (t) => {
  const { call } = await openApp(t)
  for (const [what, payload, pointer] of refused)
    await t.test(what, async () => {
      const { status, body } = await call('POST /v1/training-jobs', { payload })
      assert.deepEqual([status, body.code], [400, 'invalid-request'])
      assert.deepEqual(
        body.errors.map((error: { pointer: string }) => error.pointer),
        [pointer],
      )
    })
})

test('without ratings there is nothing to train on', async (t) => {
  const { queue } = await openBench(t, redis.url)
  const { call } = await openApp(t, { queue })
  const { status, body } = await call('POST /v1/training-jobs', { payload: spec })
  assert.deepEqual([status, body.code], [422, 'no-ratings'])
})

test('a job can be cancelled once; one that has ended cannot', async (t) => {
  const { call, start, startWorker, app } = await openWithQueue(t)
  const id = await start()
  const first = await call(`DELETE /v1/training-jobs/${id}`)
  assert.deepEqual([first.status, first.body.state], [200, 'cancelled'])

  await startWorker()
  const other = await start({ ...spec, epochs: 1 })
  await eventsOf(await fetch(`${await listen(app)}/v1/training-jobs/${other}/events`))
  const { status, body } = await call(`DELETE /v1/training-jobs/${other}`)
  assert.deepEqual([status, body.code], [409, 'job-finished'])
})

test('an unknown job is not found by any call', async (t) => {
  const { call } = await openWithQueue(t)
  for (const target of ['GET x', 'DELETE x', 'GET x/events', 'GET ../../x'].map((line) =>
    line.replace(' ', ' /v1/training-jobs/'),
  )) {
    const { status, body } = await call(target)
    assert.equal(status, 404, target)
    assert.match(body.code, /^(unknown-job|not-found)$/)
  }
})

test('the events of a job arrive as they happen and end with how it ended', async (t) => {
  const { app, start, startWorker, call } = await openWithQueue(t)
  const base = await listen(app)
  const id = await start()
  const response = await fetch(`${base}/v1/training-jobs/${id}/events`)
  assert.equal(response.status, 200)
  assert.match(response.headers.get('content-type')!, /^text\/event-stream/)
  assert.equal(response.headers.get('cache-control'), 'private, no-store, no-transform')
  assert.equal(response.headers.get('x-accel-buffering'), 'no')
  const frames = framesOf(response)
  assert.match((await frames.next()).value!, /^: connected$/m, 'at once, before any event')
  assert.match(await nextEvent(frames), /^event: progress\ndata: \{"phase":"queued",.*"place":1,/)
  // While nothing happens.
  while ((await frames.next()).value !== ': keep-alive');

  await startWorker()
  const text: string[] = []
  for await (const frame of frames) if (!frame.startsWith(':')) text.push(frame)
  const kinds = text.map((frame) => /^event: (.+)$/m.exec(frame)?.[1])
  const kept = kinds.filter((kind) => kind !== 'progress')
  assert.deepEqual(kept, ['started', ...Array(5).fill('epoch'), 'promotion', 'ended'])
  assert.match(text.at(-1)!, /^data: \{"state":"completed"\}$/m)
  const job = (await call(`GET /v1/training-jobs/${id}`)).body
  assert.equal(job.state, 'completed')
  assert.deepEqual(
    job.epochs,
    [1, 2, 3, 4, 5].map((epoch) => stubReport(epoch, 5)),
  )
})

test('who was cut off goes on after the last event that was seen', async (t) => {
  const { app, start, startWorker } = await openWithQueue(t)
  await startWorker()
  const url = `${await listen(app)}/v1/training-jobs/${await start()}/events`
  const all = await eventsOf(await fetch(url))
  const again = (id: string) => fetch(url, { headers: { 'last-event-id': id } }).then(eventsOf)
  assert.deepEqual(await again(all[2]!.id), all.slice(3))
  assert.deepEqual(await again('nonsense'), all, 'an id that is not known replays all')
})

test('a stream outlives Redis, and another may be opened while Redis is away', async (t) => {
  const server = await startRedis()
  t.after(() => server.stop())
  const { app, start, call } = await openWithQueue(t, server)
  const id = await start()
  const url = `${await listen(app)}/v1/training-jobs/${id}/events`
  const open = async () => {
    const response = await fetch(url, { headers: { 'last-event-id': '1-0' } })
    assert.equal(response.status, 200)
    const frames = framesOf(response)
    assert.match((await frames.next()).value!, /^retry: \d+\n: connected$/)
    return frames
  }
  const first = await open()
  assert.match(await nextEvent(first), /^event: progress/)
  await server.kill()
  const second = await open()
  while ((await second.next()).value !== ': keep-alive');

  await server.restart()
  await until(async () => (await call(`DELETE /v1/training-jobs/${id}`)).status === 200)
  for (const frames of [first, second]) {
    const seen: string[] = []
    for await (const frame of frames) if (!frame.startsWith(':')) seen.push(frame)
    assert.match(seen.at(-1)!, /^event: ended\ndata: \{"state":"cancelled"\}$/m)
  }
})

test('a stream of a job that was lost with Redis ends without a fault of the server', async (t) => {
  const server = await startRedis()
  t.after(() => server.stop())
  const { app, start, lines } = await openWithQueue(t, server)
  const base = await listen(app)
  const url = `${base}/v1/training-jobs/${await start()}/events`
  const frames = framesOf(await fetch(url))
  await frames.next()
  const redis = new Redis(server.url)
  await redis.flushall()
  redis.disconnect()
  for await (const frame of frames) assert.match(frame, /^(: keep-alive|event: progress)/)
  assert.equal((await fetch(url)).status, 404)
  assert.deepEqual(
    lines.filter(({ level }) => Number(level) >= 50),
    [],
  )
})

test('a client that goes away ends its stream here, without a fault', async (t) => {
  const { app, start, lines, signals } = await openWithQueue(t)
  const url = `${await listen(app)}/v1/training-jobs/${await start()}/events`
  const leave = new AbortController()
  const response = await fetch(url, { signal: leave.signal })
  await framesOf(response).next()
  assert.equal(signals[0]!.aborted, false)
  leave.abort()
  await until(() => signals[0]!.aborted)
  await app.close()
  assert.deepEqual(
    lines.filter(({ level }) => Number(level) >= 50),
    [],
  )
})

test('closing the server ends the streams and refuses what comes after', async (t) => {
  const { app, start } = await openWithQueue(t)
  const url = `${await listen(app)}/v1/training-jobs/${await start()}/events`
  const frames = framesOf(await fetch(url))
  await frames.next()
  const closed = app.close()
  for await (const frame of frames) assert.match(frame, /^(: keep-alive|event: progress)/)
  await closed
})
