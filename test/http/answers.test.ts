import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openApp } from '../support/app.ts'
import { dotBiasModel, rankedModel } from '../support/models.ts'

async function openFilled(t: TestContext) {
  const bench = await openApp(t)
  await bench.importMovies()
  await bench.publish(dotBiasModel(), 'v1')
  await bench.serving.refresh()
  return bench
}

test('a prediction names its model and what it rests on', async (t) => {
  const { call } = await openFilled(t)
  const { status, body } = await call('GET /v1/users/u1/predictions/m4')
  assert.equal(status, 200)
  const { rating, ...rest } = body
  assert.deepEqual(rest, { model: 'v1', userId: 'u1', movieId: 'm4', basis: 'trained' })
  assert.ok(rating >= 0.5 && rating <= 5)
})

test('a level in the query or the body asks for intervals', async (t) => {
  const { call, publish, serving } = await openFilled(t)
  const path = 'GET /v1/users/u1/predictions/m4'
  const { status, body } = await call(`${path}?interval=0.9`)
  assert.deepEqual([status, Object.keys(body.interval)], [200, ['level', 'lowest', 'highest']])
  assert.equal(body.interval.level, 0.9)
  assert.ok(body.interval.lowest <= body.rating && body.rating <= body.interval.highest)
  const pairs = ['m4', 'nope'].map((movieId) => ({ userId: 'u1', movieId }))
  const batch = await call('POST /v1/predictions', { payload: { pairs, interval: 0.9 } })
  assert.deepEqual(batch.body.items[0].interval, body.interval)
  assert.deepEqual(batch.body.items[1], { ...pairs[1], error: 'unknown-movie' })

  for (const level of ['0.5', '0.991', '1', '-0.9', 'nan', '', '0.9&interval=0.8'])
    assert.equal((await call(`${path}?interval=${level}`)).status, 400, level)
  for (const interval of [0.5, 1, '0.9x', null, [0.9]])
    assert.equal((await call('POST /v1/predictions', { payload: { pairs, interval } })).status, 400)

  await publish({ ...dotBiasModel(), intervals: null }, 'v2', 2)
  await serving.refresh()
  assert.equal((await call(path)).status, 200)
  const none = await call(`${path}?interval=0.9`)
  assert.deepEqual([none.status, none.body.code], [409, 'no-intervals'])
})

test('ids are any text, percent-encoded', async (t) => {
  const { call } = await openFilled(t)
  const userId = 'Zoë/ü?#%&'.repeat(14)
  const { status, body } = await call(`GET /v1/users/${encodeURIComponent(userId)}/predictions/m4`)
  assert.equal(status, 200)
  assert.deepEqual([body.userId, body.basis], [userId, 'movie-bias'])
  const tooLong = await call(`GET /v1/users/${'u'.repeat(129)}/predictions/m4`)
  assert.deepEqual([tooLong.status, tooLong.body.errors[0].pointer], [400, '/path/userId'])
})

test('a batch is answered in order, and a movie that nobody knows spoils no other', async (t) => {
  const { call } = await openFilled(t)
  const pairs = [
    { userId: 'u2', movieId: 'm1' },
    { userId: 'u1', movieId: 'nope' },
    { userId: 'nobody', movieId: 'x1' },
  ]
  const { status, body } = await call('POST /v1/predictions', { payload: { pairs } })
  assert.equal(status, 200)
  assert.equal(body.model, 'v1')
  assert.deepEqual(
    body.items.map(({ rating, ...item }: { rating?: number }) => [typeof rating, item]),
    [
      ['number', { ...pairs[0], basis: 'trained' }],
      ['undefined', { ...pairs[1], error: 'unknown-movie' }],
      ['number', { ...pairs[2], basis: 'new-movie' }],
    ],
  )
})

test('many movies for one user are what pairs of that user are', async (t) => {
  const { call } = await openFilled(t)
  for (const userId of ['u1', 'nobody'])
    for (const interval of [undefined, 0.8]) {
      const movieIds = ['m4', 'nope', 'm1', 'x1', 'm4']
      const pairs = movieIds.map((movieId) => ({ userId, movieId }))
      const ask = (payload: object) =>
        call('POST /v1/predictions', { payload: { ...payload, interval } })
      const { status, body } = await ask({ userId, movieIds })
      const expected = await ask({ pairs })
      assert.equal(status, 200)
      const items = expected.body.items.map(({ userId: _, ...item }: { userId: string }) => item)
      assert.deepEqual(body, { model: expected.body.model, items })
    }
})

test('a compact answer has the ratings of the long one, however they are asked for', async (t) => {
  const { call } = await openFilled(t)
  const movieIds = ['m4', 'nope', 'm1', 'm4']
  const post = (payload: object) => call('POST /v1/predictions', { payload })
  for (const asked of [
    { pairs: movieIds.map((movieId, i) => ({ userId: `u${i}`, movieId })) },
    { userId: 'u1', movieIds },
    { ratings: [{ movieId: 'm2', rating: 4 }], movieIds },
  ]) {
    const long = (await post({ ...asked, compact: false })).body
    assert.equal(long.items.length, 4)
    const { status, body } = await post({ ...asked, compact: true })
    const { items, ...rest } = long
    const ratings = items.map(({ rating }: { rating?: number }) => rating ?? null)
    assert.equal(ratings[1], null)
    assert.deepEqual([status, body], [200, { ...rest, ratings }])
  }
  for (const [wrong, pointer] of [
    [{ compact: true, interval: 0.8 }, '/interval'],
    [{ compact: 'yes' }, '/compact'],
    [{ compact: null }, '/compact'],
  ]) {
    const { status, body } = await post({ userId: 'u1', movieIds, ...(wrong as object) })
    assert.deepEqual([status, body.errors[0].pointer], [400, pointer])
  }
})

test('a batch takes 1 to 1,000 pairs', async (t) => {
  const { call } = await openFilled(t)
  const send = (count: number) =>
    call('POST /v1/predictions', {
      payload: { pairs: Array.from({ length: count }, () => ({ userId: 'u1', movieId: 'm1' })) },
    })
  assert.equal((await send(1_000)).body.items.length, 1_000)
  for (const count of [0, 1_001]) {
    const { status, body } = await send(count)
    assert.deepEqual([status, body.errors[0].pointer], [400, '/pairs'])
  }
})

test('the ids of a batch are as long as the ids of a path, however they are written', async (t) => {
  const { call } = await openFilled(t)
  const send = (userId: string) =>
    call('POST /v1/predictions', { payload: { pairs: [{ userId, movieId: 'm1' }] } })
  for (const userId of ['u'.repeat(128), '🎬'.repeat(65), '🎬'.repeat(128)])
    assert.equal((await send(userId)).status, 200)
  for (const userId of ['', 'u'.repeat(129), '🎬'.repeat(129)]) {
    const { status, body } = await send(userId)
    assert.deepEqual([status, body.errors[0].pointer], [400, '/pairs/0/userId'])
  }
})

test('recommendations come best first, with what the catalogue knows', async (t) => {
  const { call } = await openFilled(t)
  const { status, body } = await call('GET /v1/users/u1/recommendations?excludeRated=false&n=6')
  assert.equal(status, 200)
  assert.deepEqual([body.model, body.userId, body.basis], ['v1', 'u1', 'trained'])
  assert.equal(body.orderBy, 'rating', 'the model has no ranking')
  const ratings = body.items.map(({ rating }: { rating: number }) => rating)
  assert.deepEqual(
    ratings,
    ratings.toSorted((a: number, b: number) => b - a),
  )
  const m2 = body.items.find(({ movieId }: { movieId: string }) => movieId === 'm2')
  const genres = ['Action', 'Sci-Fi']
  assert.deepEqual(
    { ...m2, rating: 0, score: 0 },
    {
      movieId: 'm2',
      title: 'Matrix, The',
      displayTitle: 'The Matrix',
      year: 1999,
      genres,
      rating: 0,
      score: 0,
      ratings: 2,
    },
  )
})

test('recommendations are by relevance unless by rating is asked for', async (t) => {
  const { call, publish, serving } = await openFilled(t)
  await publish(rankedModel(), 'v2', 2)
  await serving.refresh()
  const list = async (query = '') =>
    (
      await call(
        `GET /v1/users/u1/recommendations?excludeRated=false&excludeDisliked=false${query}`,
      )
    ).body
  const byDefault = await list()
  assert.deepEqual([byDefault.model, byDefault.orderBy], ['v2', 'relevance'])
  const scores = byDefault.items.map(({ score }: { score: number }) => score)
  assert.deepEqual(scores, [6, 5, 4, 3, 2, 1])
  const byRating = await list('&orderBy=rating')
  const ratings = byRating.items.map(({ rating }: { rating: number }) => rating)
  assert.equal(byRating.orderBy, 'rating')
  assert.deepEqual(
    ratings,
    ratings.toSorted((a: number, b: number) => b - a),
  )
  const { status, body } = await call('GET /v1/users/u1/recommendations?orderBy=title')
  assert.deepEqual([status, body.errors[0].pointer], [400, '/query/orderBy'])
})

test('by default ten are recommended and what was rated is left out', async (t) => {
  const { call } = await openFilled(t)
  const ids = async (query = '') => {
    const { body } = await call(`GET /v1/users/u1/recommendations?excludeDisliked=false&${query}`)
    return body.items.map(({ movieId }: { movieId: string }) => movieId).sort()
  }
  assert.deepEqual(await ids(), ['m4', 'm5', 'm6'])
  assert.deepEqual(await ids('excludeRated=true&n=2').then((found) => found.length), 2)
  const all = 'excludeRated=false'
  assert.deepEqual(await ids(`${all}&genres=Romance&genres=sci-fi`), ['m1', 'm2', 'm3'])
  assert.deepEqual(await ids(`${all}&genres=Romance,sci-fi`), ['m1', 'm2', 'm3'])
  assert.deepEqual(await ids(`${all}&yearFrom=2000&yearTo=2002`), ['m1'])
  assert.deepEqual(await ids(`${all}&minRatings=3`), ['m3', 'm4'])
})

test('a user that is not known gets the list by movie bias, which says so', async (t) => {
  const { call } = await openFilled(t)
  const { status, body } = await call('GET /v1/users/nobody/recommendations')
  assert.deepEqual([status, body.basis, body.items.length], [200, 'movie-bias', 6])
})

test('the ranking has bias, mean and count and says where the bias comes from', async (t) => {
  const { call } = await openFilled(t)
  const { status, body } = await call('GET /v1/movies/rankings/bias?order=bottom&n=1')
  assert.equal(status, 200)
  assert.deepEqual([body.model, body.source, body.items.length], ['v1', 'model', 1])
  assert.deepEqual(Object.keys(body.items[0]).sort(), [
    'bias',
    'displayTitle',
    'genres',
    'meanRating',
    'movieId',
    'ratings',
    'title',
    'year',
  ])
})

test('the catalogue is searched page by page', async (t) => {
  const { call } = await openFilled(t)
  const first = await call('GET /v1/movies?title=MATRIX&n=1')
  assert.deepEqual(first.body.items, [
    {
      movieId: 'm3',
      title: 'Matrix Reloaded',
      displayTitle: 'Matrix Reloaded',
      year: 2003,
      genres: ['Action', 'Sci-Fi'],
    },
  ])
  const { body } = await call(`GET /v1/movies?title=MATRIX&n=1&cursor=${first.body.nextCursor}`)
  assert.deepEqual([body.items[0].movieId, body.nextCursor], ['m2', null])
})

test('one movie comes with its ratings, also when only one side knows it', async (t) => {
  const { call } = await openFilled(t)
  const known = (await call('GET /v1/movies/m2')).body
  assert.deepEqual([known.title, known.model, known.ratings], ['Matrix, The', 'v1', 2])
  const unrated = (await call('GET /v1/movies/x1')).body
  assert.deepEqual([unrated.title, unrated.ratings, unrated.meanRating], ['Not Rated Yet', 0, null])
  assert.deepEqual((await call('GET /v1/movies/m6')).body.title, null)
})

test('an empty catalogue has an empty page', async (t) => {
  const { call } = await openApp(t)
  const { status, body } = await call('GET /v1/movies')
  assert.deepEqual([status, body], [200, { items: [], nextCursor: null }])
})
