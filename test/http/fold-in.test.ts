import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openApp } from '../support/app.ts'
import { dotBiasModel, wideNetModel } from '../support/models.ts'

async function openTrained(t: TestContext, model = dotBiasModel({ users: 30, movies: 40 })) {
  const bench = await openApp(t)
  await bench.importMovies()
  await bench.publish(model, 'v1')
  await bench.serving.refresh()
  const post = async (path: string, payload: object) => {
    const { status, body } = await bench.call(`POST ${path}`, { payload })
    return { status, body }
  }
  return { ...bench, post }
}
type Item = { movieId: string; rating: number; basis: string }
const idsOf = (items: Item[]) => items.map(({ movieId }) => movieId)
/** All movies, however low they are predicted. */
const whole = { n: 100, excludeDisliked: false }
const ratings = [
  { movieId: 'm1', rating: 5 },
  { movieId: 'm2', rating: 0.5 },
  { movieId: 'm3', rating: 4 },
]

for (const model of [dotBiasModel({ users: 30, movies: 40 }), wideNetModel()])
  test('ratings of somebody unknown are answered at once, and kept nowhere', async (t) => {
    const { post, call } = await openTrained(t, model)
    const { status, body } = await post('/v1/recommendations', { ratings, ...whole })
    assert.equal(status, 200)
    const { items, ...rest } = body
    const none = { nextCursor: null, unknownMovieIds: [] }
    assert.deepEqual(rest, { model: 'v1', basis: 'folded-in', orderBy: 'rating', ...none })
    assert.equal(items.length, model.movies.size - 3)
    assert.ok(!idsOf(items).some((id) => ['m1', 'm2', 'm3'].includes(id)))

    const movieIds = idsOf(items)
    const { body: predicted } = await post('/v1/predictions', { ratings, movieIds })
    assert.deepEqual(
      predicted.items,
      items.map(({ movieId, rating }: Item) => ({ movieId, rating, basis: 'folded-in' })),
    )
    const other = ratings.map(({ movieId, rating }) => ({ movieId, rating: 5.5 - rating }))
    assert.notDeepEqual((await post('/v1/recommendations', { ratings: other })).body.items, items)
    assert.deepEqual((await post('/v1/recommendations', { ratings, ...whole })).body, body)
    assert.equal((await call('GET /v1/users/nobody/recommendations')).body.basis, 'movie-bias')
  })

test('who rated a movie high is expected to like it, and its like, more', async (t) => {
  const { post } = await openTrained(t)
  const ratingOf = async (rating: number) => {
    const own = [{ movieId: 'm7', rating }]
    const { body } = await post('/v1/predictions', { ratings: own, movieIds: ['m7'] })
    return body.items[0].rating as number
  }
  assert.ok((await ratingOf(5)) > (await ratingOf(3)))
  assert.ok((await ratingOf(3)) > (await ratingOf(0.5)))
})

test('neither order nor an earlier rating of the same movie changes the answer', async (t) => {
  const { post } = await openTrained(t)
  const { body } = await post('/v1/recommendations', { ratings })
  const [first, ...rest] = ratings
  for (const same of [ratings.toReversed(), [{ movieId: 'm1', rating: 1 }, ...rest, first]])
    assert.deepEqual((await post('/v1/recommendations', { ratings: same })).body, body)
})

test('ratings of unknown movies do not count and are named', async (t) => {
  const { post } = await openTrained(t)
  const unknown = { movieId: 'nope', rating: 5 }
  const { items } = (await post('/v1/recommendations', { ratings })).body
  const mixed = (await post('/v1/recommendations', { ratings: [...ratings, unknown] })).body
  assert.deepEqual([mixed.items, mixed.unknownMovieIds], [items, ['nope']])
  const alone = (await post('/v1/recommendations', { ratings: [unknown] })).body
  assert.deepEqual([alone.basis, alone.unknownMovieIds], ['movie-bias', ['nope']])

  const movieIds = ['x1', 'nope', 'm9']
  const { body } = await post('/v1/predictions', { ratings: [...ratings, unknown], movieIds })
  assert.deepEqual(body.unknownMovieIds, ['nope'])
  assert.deepEqual(
    body.items.map(({ rating, ...item }: Item) => [typeof rating, item]),
    [
      ['number', { movieId: 'x1', basis: 'new-movie' }],
      ['undefined', { movieId: 'nope', error: 'unknown-movie' }],
      ['number', { movieId: 'm9', basis: 'folded-in' }],
    ],
  )
})

test('a list for ratings has pages as any list', async (t) => {
  const { post } = await openTrained(t)
  const all = (await post('/v1/recommendations', { ratings, ...whole, n: 30 })).body
  const ids: string[] = []
  let cursor: string | undefined
  for (let page = 0; page < 10; page++) {
    const { body } = await post('/v1/recommendations', { ratings, ...whole, n: 3, cursor })
    ids.push(...idsOf(body.items))
    cursor = body.nextCursor
  }
  assert.deepEqual(ids, idsOf(all.items))
  const other = await post('/v1/recommendations', { ratings: ratings.slice(1), cursor })
  assert.deepEqual([other.status, other.body.errors[0].pointer], [400, '/cursor'])
})

test('what does not make a question is refused', async (t) => {
  const { post } = await openTrained(t)
  const off = { ratings: [...ratings, { movieId: 'm4', rating: 5.5 }] }
  const pairs = [{ userId: 'u1', movieId: 'm1' }]
  for (const [path, payload, pointer] of [
    ['recommendations', {}, '/userId'],
    ['recommendations', { userId: 'u1', ratings }, '/userId'],
    ['recommendations', { ratings: [] }, '/ratings'],
    ['recommendations', off, '/ratings/3/rating'],
    ['recommendations', { ratings: [{ movieId: 'm1', rating: '5' }] }, '/ratings/0/rating'],
    ['predictions', {}, '/pairs'],
    ['predictions', { ratings }, '/pairs'],
    ['predictions', { ratings, movieIds: ['m1'], pairs }, '/pairs'],
    ['predictions', { userId: 'u1' }, '/pairs'],
    ['predictions', { movieIds: ['m1'] }, '/pairs'],
    ['predictions', { userId: 'u1', pairs }, '/pairs'],
    ['predictions', { userId: 'u1', ratings, movieIds: ['m1'] }, '/pairs'],
    ['predictions', { userId: '', movieIds: ['m1'] }, '/userId'],
    ['predictions', { userId: 'u1', movieIds: [] }, '/movieIds'],
    ['predictions', { userId: 'u1', movieIds: ['m1', 2] }, '/movieIds/1'],
    ['predictions', { ...off, movieIds: ['m1'] }, '/ratings/3/rating'],
  ] as const) {
    const { status, body } = await post(`/v1/${path}`, payload)
    assert.deepEqual([status, body.errors[0]?.pointer], [400, pointer], JSON.stringify(payload))
  }
})
