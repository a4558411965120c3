import assert from 'node:assert/strict'
import { test } from 'node:test'
import { putLiveMovies } from '../../src/storage/movies/movies-segment.ts'
import { localLog, openApp } from '../support/app.ts'
import { dotBiasModel, rankedModel } from '../support/models.ts'
import { startRedis } from '../support/redis.ts'

const rated = (userId: string, movieId: string, rating: number, timestamp = 1_000) => {
  return { type: 'rated' as const, userId, movieId, rating, timestamp }
}
const unrated = (userId: string, movieId: string) => ({ type: 'unrated' as const, userId, movieId })
const idsOf = ({ body }: { body: { items: { movieId: string }[] } }) =>
  body.items.map(({ movieId }) => movieId)

async function openRated(t: Parameters<typeof openApp>[0], model = rankedModel()) {
  const log = localLog(() => app.serving.live)
  const app: Awaited<ReturnType<typeof openApp>> = await openApp(t, { live: log })
  await app.importMovies()
  await app.publish(model, 'v1')
  await app.serving.refresh()
  return { ...app, log }
}

test('what is rated leaves the list, which is folded in again, until it is taken back', async (t) => {
  const { call, log } = await openRated(t)
  const list = () => call('GET /v1/users/u1/recommendations')
  const before = await list()
  assert.equal(before.body.basis, 'trained')
  assert.ok(idsOf(before).includes('m5'))
  await log.append([rated('u1', 'm5', 1)])
  const { body } = await list()
  assert.equal(body.basis, 'folded-in')
  assert.ok(!idsOf({ body }).includes('m5'))
  const shown = body.items[0]
  const alone = await call(`GET /v1/users/u1/predictions/${shown.movieId}`)
  assert.deepEqual([alone.body.rating, alone.body.basis], [shown.rating, 'folded-in'])
  const pairs = [
    { userId: 'u1', movieId: shown.movieId },
    { userId: 'u2', movieId: 'm1' },
  ]
  const batch = await call('POST /v1/predictions', { payload: { pairs } })
  assert.deepEqual(
    batch.body.items.map(({ basis }: { basis: string }) => basis),
    ['folded-in', 'trained'],
  )
  assert.equal(batch.body.items[0].rating, shown.rating)
  const reasons = await call(`GET /v1/users/u1/explanations/${shown.movieId}`)
  const named = [...reasons.body.items, ...reasons.body.against]
  assert.ok(named.some(({ movieId, rating }) => movieId === 'm5' && rating === 1))
  await log.append([unrated('u1', 'm5')])
  assert.deepEqual((await list()).body, before.body)
})

test('a new user is somebody after one rating, and nobody again without it', async (t) => {
  const { call, log } = await openRated(t, dotBiasModel())
  const list = () => call('GET /v1/users/new/recommendations?n=3')
  const nobody = await list()
  assert.equal(nobody.body.basis, 'movie-bias')
  await log.append([rated('new', 'm1', 5)])
  const { body } = await list()
  assert.equal(body.basis, 'folded-in')
  const visitor = await call('POST /v1/recommendations', {
    payload: { ratings: [{ movieId: 'm1', rating: 5 }], n: 3 },
  })
  assert.deepEqual(body.items, visitor.body.items)
  await log.append([{ type: 'user-erased', userId: 'new' }])
  assert.deepEqual((await list()).body.items, nobody.body.items)
})

test('a user who could not be folded in once is folded in by the next request', async (t) => {
  const { call, log, serving } = await openRated(t)
  await log.append([rated('u1', 'm5', 1)])
  const { tasks } = serving.snapshot()
  t.mock.method(tasks, 'run', () => Promise.reject(new Error('The thread ended.')), { times: 1 })
  const statuses: number[] = []
  for (let i = 0; i < 2; i++) statuses.push((await call('GET /v1/users/u1/recommendations')).status)
  assert.deepEqual(statuses, [500, 200])
})

test('an erased user of the model is as good as unknown', async (t) => {
  const { call, log } = await openRated(t)
  const [nobody, known] = await Promise.all(
    ['nobody', 'u1'].map((id) => call(`GET /v1/users/${id}/recommendations`)),
  )
  assert.notDeepEqual(idsOf(known!), idsOf(nobody!))
  await log.append([{ type: 'user-erased', userId: 'u1' }])
  assert.deepEqual(idsOf(await call('GET /v1/users/u1/recommendations')), idsOf(nobody!))
  assert.equal((await call('GET /v1/users/u1/similar')).status, 404)
  const { body } = await call('GET /v1/users/u2/similar')
  assert.ok(body.items.length > 0)
  assert.ok(!body.items.some(({ userId }: { userId: string }) => userId === 'u1'))
  const { body: crosstab } = await call('GET /v1/ratings/crosstab')
  assert.ok(!crosstab.users.some(({ userId }: { userId: string }) => userId === 'u1'))
  const { body: none } = await call('GET /v1/users/u1/ratings')
  assert.deepEqual(none.items, [])
})

test('counts and means move with what is told', async (t) => {
  const { call, log } = await openRated(t)
  const detail = async () => {
    const { body } = await call('GET /v1/movies/m1')
    return [body.ratings, body.meanRating]
  }
  const popular = async () => idsOf(await call('GET /v1/movies/rankings/popular?n=1'))
  const [ratings, mean] = await detail()
  await log.append([rated('a', 'm1', 5), rated('b', 'm1', 5), rated('c', 'm1', 5)])
  assert.deepEqual(await detail(), [ratings + 3, (ratings * mean + 15) / (ratings + 3)])
  assert.deepEqual(await popular(), ['m1'])
  const many = await call(`GET /v1/users/nobody/recommendations?minRatings=${ratings + 3}`)
  assert.deepEqual(idsOf(many), ['m1'])
  await log.append([rated('a', 'm1', 2), unrated('b', 'm1')])
  assert.deepEqual(await detail(), [ratings + 2, (ratings * mean + 7) / (ratings + 2)])
  await log.append([unrated('a', 'm1'), unrated('c', 'm1')])
  assert.deepEqual(await detail(), [ratings, mean])
})

test("a user's ratings are those of the model and what was told since, in pages", async (t) => {
  const { call, log } = await openRated(t)
  await log.append([rated('u1', 'm2', 0.7, 9), unrated('u1', 'm3'), rated('u1', 'x9', 4, 12)])
  const { body } = await call('GET /v1/users/u1/ratings?n=2')
  assert.deepEqual(
    body.items.map(({ movieId, rating, timestamp }: Record<string, unknown>) => [
      movieId,
      rating,
      timestamp,
    ]),
    [
      ['m1', 0.5, null],
      ['m2', 0.7, 9],
    ],
  )
  assert.equal(body.items[0].title, 'Amélie')
  const next = await call(`GET /v1/users/u1/ratings?n=2&cursor=${body.nextCursor}`)
  assert.deepEqual([idsOf(next), next.body.nextCursor], [['x9'], null])
  assert.equal((await call('GET /v1/users/u1/ratings/m2')).body.rating, 0.7)
  const taken = await call('GET /v1/users/u1/ratings/m3')
  assert.deepEqual([taken.status, taken.body.code], [404, 'unknown-rating'])
  const bad = await call('GET /v1/users/u1/ratings?cursor=x')
  assert.deepEqual([bad.status, bad.body.errors[0].pointer], [400, '/query/cursor'])
})

test('a movie is described, changed, hidden and taken out', async (t) => {
  const { call, serving } = await openRated(t)
  const { size } = serving.catalogue()
  const payload = { title: 'Brand New (2026)', genres: ['Drama'] }
  const made = await call('PUT /v1/movies/n1', { payload })
  const facts = { movieId: 'n1', title: 'Brand New', year: 2026, genres: ['Drama'] }
  const displayTitle = 'Brand New'
  assert.deepEqual([made.status, made.body], [200, { ...facts, hidden: false }])
  const { body } = await call('GET /v1/movies/n1')
  const counts = { imdbId: null, tmdbId: null, model: 'v1', ratings: 0, meanRating: null }
  assert.deepEqual(body, { ...facts, displayTitle, hidden: false, ...counts })
  assert.deepEqual(idsOf(await call('GET /v1/movies?title=brand')), ['n1'])
  assert.equal((await call('GET /v1/users/u1/predictions/n1')).body.basis, 'new-movie')
  const drama = '/v1/users/u1/recommendations?genres=drama&yearFrom=2020'
  assert.deepEqual(idsOf(await call(`GET ${drama}`)), ['n1'])
  await call('PATCH /v1/movies/n1', { payload: { hidden: true } })
  assert.deepEqual(idsOf(await call(`GET ${drama}`)), [])
  await call('PATCH /v1/movies/n1', { payload: { hidden: false } })
  const all = idsOf(await call('GET /v1/movies?n=2'))
  const rest = await call(
    `GET /v1/movies?cursor=${(await call('GET /v1/movies?n=2')).body.nextCursor}`,
  )
  assert.deepEqual([...all, ...idsOf(rest)], ['m1', 'n1', 'm3', 'm2', 'x1', 'm4'])

  await call('PATCH /v1/movies/m6', { payload: { title: 'Named', genres: ['War'] } })
  const war = '/v1/users/u1/recommendations?genres=war&excludeDisliked=false'
  assert.deepEqual(idsOf(await call(`GET ${war}`)), ['m6'])
  assert.equal((await call(`GET ${war}`)).body.items[0].title, 'Named')
  await call('PATCH /v1/movies/m6', { payload: { hidden: true } })
  assert.equal((await call('GET /v1/movies/m6')).body.hidden, true)
  for (const address of [war, '/v1/movies/rankings/popular', '/v1/movies/m5/similar', '/v1/movies'])
    assert.ok(!idsOf(await call(`GET ${address}`)).includes('m6'), address)

  await call('PATCH /v1/movies/m2', { payload: { year: 1998 } })
  // With n1 and m6, of which nothing had been told.
  assert.equal(serving.catalogue().size, size + 2)
  assert.equal((await call('DELETE /v1/movies/m1')).status, 204)
  assert.equal((await call('DELETE /v1/movies/m99')).status, 204)
  assert.equal(serving.catalogue().size, size + 1)
  assert.equal((await call('GET /v1/movies/m1')).body.title, null)
  const unknown = await call('PATCH /v1/movies/m99', { payload: { hidden: true } })
  assert.deepEqual([unknown.status, unknown.body.code], [404, 'unknown-movie'])
  const bad = await call('PUT /v1/movies/n2', { payload: { title: 'a\nb' } })
  assert.deepEqual([bad.status, bad.body.code], [400, 'invalid-request'])
  for (const wrong of ['PUT /v1/movies/%20x', 'DELETE /v1/movies/%00a', 'DELETE /v1/movies/x%20']) {
    const { status, body } = await call(wrong, wrong.startsWith('PUT') ? { payload } : {})
    assert.deepEqual([status, body.errors?.[0].pointer], [400, '/path/movieId'], wrong)
  }
})

test('a movie that was told stays in lists once it is folded, until it is gone', async (t) => {
  const { call, store, serving } = await openRated(t)
  const list = async () => idsOf(await call('GET /v1/users/u1/recommendations?genres=drama'))
  const before = await list()
  const movie = { movieId: 'n1', title: 'Told', year: 2026, genres: ['Drama'] }
  for (const [seq, isGone] of [false, true].entries()) {
    await putLiveMovies(
      store,
      [{ ...movie, isGone }],
      { epoch: 'e', from: seq + 1, to: seq + 1 },
      1,
    )
    await serving.refresh()
    assert.deepEqual((await list()).includes('n1'), !isGone)
  }
  assert.deepEqual(await list(), before)
})

test('a new movie is predicted by its first ratings, and in lists but of those who rated it', async (t) => {
  const { call, log } = await openRated(t, dotBiasModel())
  const predicted = () => call('GET /v1/users/u2/predictions/n1')
  assert.equal((await predicted()).status, 404)
  await log.append([rated('u1', 'n1', 0.5)])
  const { body: first, headers } = await predicted()
  assert.equal(first.basis, 'new-movie')
  await log.append([rated('u3', 'n1', 0.5), rated('u4', 'n1', 0.5)])
  const later = await predicted()
  assert.ok(later.body.rating < first.rating, `${first.rating}, ${later.body.rating}`)
  assert.notEqual(later.headers['etag'], headers['etag'])
  const list = async (userId: string) =>
    (await call(`GET /v1/users/${userId}/recommendations?excludeDisliked=false&orderBy=rating`))
      .body
  const { items } = await list('u2')
  const item = items.find(({ movieId }: { movieId: string }) => movieId === 'n1')
  assert.deepEqual([item.rating, item.ratings, item.title], [later.body.rating, 3, null])
  const scores = items.map(({ score }: { score: number }) => score)
  assert.deepEqual(
    scores,
    scores.toSorted((a: number, b: number) => b - a),
  )
  const { items: own, unknownMovieIds } = await list('u1')
  assert.ok(!idsOf({ body: { items: own } }).includes('n1'))
  assert.deepEqual(unknownMovieIds, ['n1'])
  const explained = await call('GET /v1/users/u2/recommendations?explain=true&orderBy=rating')
  assert.equal(explained.status, 200)
  assert.equal((await call('GET /v1/movies/n1')).body.ratings, 3)
})

test('an event changes the tags of what it is about, and no others', async (t) => {
  const { call, log } = await openRated(t)
  const tagOf = async (address: string) => (await call(`GET ${address}`)).headers['etag']
  const about = {
    u1: ['/v1/users/u1/recommendations', '/v1/users/u1/predictions/m1', '/v1/users/u1/ratings'],
    u2: ['/v1/users/u2/recommendations', '/v1/users/u2/predictions/m1', '/v1/users/u2/ratings'],
    m1: ['/v1/movies/m1'],
    m2: ['/v1/movies/m2'],
    counts: ['/v1/movies/rankings/popular', '/v1/users/u3/recommendations?minRatings=1'],
    titles: ['/v1/movies?title=matrix'],
  }
  const changedBy = async (...events: Parameters<typeof log.append>[0]) => {
    const before = new Map<string, unknown>()
    for (const address of Object.values(about).flat()) before.set(address, await tagOf(address))
    await log.append(events)
    const changed = new Set<string>()
    for (const [name, addresses] of Object.entries(about))
      for (const address of addresses)
        if ((await tagOf(address)) !== before.get(address)) changed.add(name)
    return [...changed]
  }
  assert.deepEqual(await changedBy(rated('u1', 'm1', 3)), ['u1', 'm1', 'counts'])
  assert.deepEqual(await changedBy(rated('u2', 'm2', 3)), ['u2', 'm2', 'counts'])
  assert.deepEqual(await changedBy(unrated('u2', 'm2')), ['u2', 'm2', 'counts'])
  assert.deepEqual(await changedBy(rated('u9', 'm4', 3)), ['counts'])
})

test('the pages of a list end when something is told of its user, and go on when of another', async (t) => {
  const { call, log } = await openRated(t)
  const { body } = await call('GET /v1/users/u1/recommendations?n=1')
  const next = `GET /v1/users/u1/recommendations?n=1&cursor=${body.nextCursor}`
  await log.append([rated('u2', 'm6', 3)])
  assert.equal((await call(next)).status, 200)
  await log.append([rated('u1', 'm6', 3)])
  const { status, body: problem } = await call(next)
  assert.deepEqual([status, problem.code], [410, 'expired-cursor'])
})

test('what was told outlives a new model, whose data does not have it', async (t) => {
  const { call, log, publish, serving } = await openRated(t)
  await log.append([rated('u1', 'm5', 1)])
  await publish(dotBiasModel({ seed: 2 }), 'v2', 2)
  await serving.refresh()
  const { body } = await call('GET /v1/users/u1/recommendations')
  assert.deepEqual([body.model, body.basis], ['v2', 'folded-in'])
  assert.ok(!idsOf({ body }).includes('m5'))
})

test('what one server is told another answers from', async (t) => {
  const redis = await startRedis()
  t.after(() => redis.stop())
  const log = { redisUrl: redis.url, prefix: `test-${process.pid}` }
  const [one, other] = [await openApp(t, { redis: log }), await openApp(t, { redis: log })]
  for (const app of [one, other]) {
    await app.publish(rankedModel(), 'v1')
    await app.serving.refresh()
  }
  const list = async (app: typeof one) => idsOf(await app.call('GET /v1/users/u1/recommendations'))
  assert.ok((await list(other)).includes('m5'))
  await one.call('PUT /v1/users/u1/ratings/m5', { payload: { rating: 1 } })
  assert.ok(!(await list(one)).includes('m5'))
  for (const begin = Date.now(); Date.now() < begin + 10_000; await new Promise(setImmediate))
    if (!(await list(other)).includes('m5')) break
  assert.ok(!(await list(other)).includes('m5'))
})
