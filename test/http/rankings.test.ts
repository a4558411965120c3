import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { ratedMovies } from '../../src/model/data/ratings.ts'
import { countRecent } from '../../src/model/data/recent-ratings.ts'
import type { Model } from '../../src/model/model.ts'
import { openApp } from '../support/app.ts'
import { dotBiasModel } from '../support/models.ts'

const newest = Date.UTC(2020, 0, 31) / 1_000
const daysAgo = (days: number) => newest - days * 86_400
const base = dotBiasModel({ users: 12, movies: 6 })

/**
 * m1 was rated by 12 with 4 stars long ago; m2 by 6, lately; m3 once, with 5; m4 by 3 badly; m5, m6
 * never.
 */
const rows = [
  ...Array.from({ length: 12 }, (_, user) => [user, 0, 4, daysAgo(200 + user)]),
  ...Array.from({ length: 6 }, (_, user) => [user, 1, 4.5, daysAgo(user)]),
  [0, 2, 5, daysAgo(20)],
  ...Array.from({ length: 3 }, (_, user) => [user, 3, 1, daysAgo(300)]),
] as [number, number, number, number][]
const ratings = {
  users: base.users,
  movies: base.movies,
  userIndex: Uint32Array.from(rows, ([user]) => user),
  movieIndex: Uint32Array.from(rows, ([, movie]) => movie),
  rating: Float32Array.from(rows, ([, , rating]) => rating),
  timestamp: Uint32Array.from(rows, ([, , , second]) => second),
}
const model: Model = {
  ...base,
  rated: ratedMovies(ratings),
  recent: countRecent(base.movies, [ratings]),
}

async function openTrained(t: TestContext, served = model) {
  const bench = await openApp(t)
  await bench.importMovies()
  await bench.publish(served, 'v1')
  await bench.serving.refresh()
  const rank = async (query: string) => {
    const { status, body } = await bench.call(`GET /v1/movies/rankings/${query}`)
    assert.equal(status, 200, JSON.stringify(body))
    assert.equal(body.model, 'v1')
    return body
  }
  const ids = async (query: string) =>
    (await rank(query)).items.map(({ movieId }: { movieId: string }) => movieId)
  return { ...bench, rank, ids }
}

test('by popularity, the most rated come first', async (t) => {
  const { rank, ids } = await openTrained(t)
  assert.deepEqual(await ids('popular'), ['m1', 'm2', 'm4', 'm3', 'm5', 'm6'])
  const [first, , , , never] = (await rank('popular')).items
  assert.deepEqual([first.ratings, first.meanRating, never.meanRating], [12, 4, null])
})

test('by mean, one enthusiast makes no best movie', async (t) => {
  const { rank, ids } = await openTrained(t)
  const mean = rows.reduce((sum, [, , rating]) => sum + rating, 0) / rows.length
  assert.deepEqual(await ids('mean'), ['m2', 'm1', 'm3', 'm4'])
  assert.deepEqual(await ids('mean?order=bottom&n=2'), ['m4', 'm3'])
  assert.deepEqual(await ids('mean?damping=0&n=1'), ['m3'])
  const { items } = await rank('mean?damping=4')
  const m3 = items.find(({ movieId }: { movieId: string }) => movieId === 'm3')
  assert.ok(Math.abs(m3.dampedMean - (5 + 4 * mean) / 5) < 1e-5)
})

test('by trend, those come first that were rated lately more than before', async (t) => {
  const { rank, ids } = await openTrained(t)
  const { asOf, items } = await rank('trending?window=week')
  assert.equal(asOf, '2020-01-31T00:00:00.000Z')
  const [only] = items
  assert.deepEqual([items.length, only.movieId, only.recentRatings], [1, 'm2', 6])
  const expected = (6 * 6) / 22
  assert.ok(Math.abs(only.expectedRatings - expected) < 1e-5)
  assert.ok(Math.abs(only.trend - (6 - expected) / Math.sqrt(expected + 1)) < 1e-5)
  assert.deepEqual(await ids('trending'), ['m2', 'm3'])
  assert.deepEqual((await ids('trending?window=year')).toSorted(), ['m1', 'm2', 'm3', 'm4'])
  assert.equal((await rank('trending?window=day')).items[0].recentRatings, 1)
})

test('without times nothing trends', async (t) => {
  const { rank } = await openTrained(t, { ...model, recent: null })
  assert.deepEqual(await rank('trending'), { model: 'v1', asOf: null, items: [], nextCursor: null })
})

for (const kind of ['bias', 'mean', 'popular', 'trending'])
  test(`the ranking by ${kind} has the filters of lists`, async (t) => {
    const { ids, call } = await openTrained(t)
    const all = kind === 'trending' ? '?window=year&' : '?'
    assert.deepEqual((await ids(`${kind}${all}genres=sci-fi`)).toSorted(), ['m2', 'm3'])
    assert.deepEqual(await ids(`${kind}${all}yearTo=2000`), ['m2'])
    assert.deepEqual((await ids(`${kind}${all}yearFrom=2000&n=5`)).toSorted(), ['m1', 'm3'])
    assert.deepEqual((await ids(`${kind}${all}minRatings=6`)).toSorted(), ['m1', 'm2'])
    assert.equal((await ids(`${kind}${all}n=1`)).length, 1)
    for (const query of ['n=0', 'window=decade', 'days=7', 'damping=-1'])
      assert.equal((await call(`GET /v1/movies/rankings/${kind}?${query}`)).status, 400, query)
  })

test('a ranking goes on page by page, and a cursor continues none but its own', async (t) => {
  const { rank, ids, call } = await openTrained(t)
  const whole = await ids('popular')
  const walked: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await rank(`popular?n=4${cursor && `&cursor=${cursor}`}`)
    walked.push(...page.items.map(({ movieId }: { movieId: string }) => movieId))
    cursor = page.nextCursor
  }
  assert.deepEqual(walked, whole)
  const { nextCursor } = await rank('popular?n=2')
  for (const other of ['popular?n=2&minRatings=1', 'mean?n=2', 'popular?n=3&genres=Drama']) {
    const { status, body } = await call(`GET /v1/movies/rankings/${other}&cursor=${nextCursor}`)
    assert.deepEqual([status, body.errors[0].pointer], [400, '/query/cursor'], other)
  }
})

test('a ranking may be kept by caches on the way for as long as is configured', async (t) => {
  const bench = await openApp(t, { rankingCacheSeconds: 300 })
  await bench.publish(model, 'v1')
  await bench.serving.refresh()
  const ask = (path: string, headers = {}) => bench.call(`GET ${path}`, { headers })
  const { headers } = await ask('/v1/movies/rankings/popular')
  assert.equal(headers['cache-control'], 'public, max-age=300')
  const again = await ask('/v1/movies/rankings/popular', { 'if-none-match': headers.etag })
  assert.deepEqual([again.status, again.headers['cache-control']], [304, 'public, max-age=300'])
  for (const path of ['/v1/movies/m1', '/v1/users/u1/recommendations'])
    assert.equal((await ask(path)).headers['cache-control'], 'private, no-cache', path)
})
