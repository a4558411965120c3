import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Histogram, Registry } from 'prom-client'
import { prepareHistogram } from '../../src/http/prepared-histogram.ts'
import { openApp } from '../support/app.ts'
import { cardOf, rankedModel } from '../support/models.ts'

/** The samples of an exposition by name and labels. */
function samples(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines
      .map((line) => /^(.+) (\S+)$/.exec(line)!.slice(1) as [string, string])
      .map(([name, value]) => [name, Number(value)]),
  )
}

test('each answer is counted under its route, and no id of a request is in the figures', async (t) => {
  const { call } = await openApp(t)
  const asked = new Map<string, number>()
  const id = fc.stringMatching(/^[a-z]{12}$/)
  const request = fc.oneof(
    id.map((one) => [`GET /v1/movies/${one}`, '/v1/movies/:movieId'] as const),
    id.map((one) => [`GET /v1/users/${one}/ratings`, '/v1/users/:userId/ratings'] as const),
    id.map((one) => [`GET /${one}`, 'unknown'] as const),
    id.map((one) => [`GET /v1/genres?${one}=1`, '/v1/genres'] as const),
  )
  const ids: string[] = []
  await fc.assert(
    fc.asyncProperty(request, async ([target, route]) => {
      const { status } = await call(target)
      const name = `http_request_duration_seconds_count{method="GET",route="${route}",status_code="${status}"}`
      asked.set(name, (asked.get(name) ?? 0) + 1)
      ids.push(/[a-z]{12}/.exec(target)![0])
    }),
    { numRuns: 40 },
  )
  const { text } = await call('GET /metrics')
  const told = samples(text)
  for (const [name, count] of asked) assert.equal(told.get(name), count, name)
  for (const one of ids) assert.ok(!text.includes(one), one)
})

test('the figures of what serves are those of its card; without Redis what it knows is left out', async (t) => {
  const { call, publish, serving, registry } = await openApp(t)
  const before = samples((await call('GET /metrics')).text)
  assert.equal(before.has('marquee_model_trained_timestamp_seconds'), false)
  for (const version of ['one', 'two']) {
    await publish(rankedModel(), version, version === 'one' ? 1 : 2)
    await serving.refresh()
  }
  const { text, headers } = await call('GET /metrics')
  assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/)
  const told = samples(text)
  const { spec, engine, metrics } = (await registry.list())[0]!
  const info = [...told.keys()].filter((name) => name.startsWith('marquee_model_info'))
  assert.deepEqual(info, [
    `marquee_model_info{version="two",algorithm="${spec.algorithm}",engine="${engine}"}`,
  ])
  assert.equal(told.get('marquee_model_rmse{split="valid"}'), metrics?.rmse)
  const at = Date.parse(cardOf('two', '2026-01-02T00:00:00.000Z').createdAt) / 1_000
  assert.equal(told.get('marquee_model_trained_timestamp_seconds'), at)
  assert.equal(told.get('marquee_redis_up'), 0)
  assert.equal(told.get('marquee_store_up'), 1)
  for (const name of ['marquee_workers', 'marquee_ratings_stream_lag_entries'])
    assert.equal(told.has(name), false, name)
})

test('a prepared histogram writes what one of prom-client writes', async () => {
  const buckets = [0.001, 0.5, 2]
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(
          fc.constantFrom('GET', 'POST'),
          fc.oneof(fc.constantFrom(...buckets), fc.float({ min: 0, max: 5, noNaN: true })),
        ),
      ),
      async (values) => {
        const [ours, theirs] = [new Registry(), new Registry()]
        const about = { name: 'seconds', help: 'Some.', buckets }
        const prepared = prepareHistogram(ours, about)
        const histogram = new Histogram({ ...about, labelNames: ['method'], registers: [theirs] })
        const observers = new Map<string, (value: number) => void>()
        for (const [method, value] of values) {
          if (!observers.has(method)) observers.set(method, prepared.prepare({ method }))
          observers.get(method)!(value)
          histogram.observe({ method }, value)
        }
        assert.equal(await ours.metrics(), await theirs.metrics())
      },
    ),
    { numRuns: 50 },
  )
})
