import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Model } from '../../src/model/model.ts'
import { type RecommendOptions, recommend } from '../../src/serving/lists/recommend.ts'
import { predict, predictBatch } from '../../src/serving/predict.ts'
import { profileOf } from '../../src/serving/profile.ts'
import { rankByBias } from '../../src/serving/rankings/rank-by-bias.ts'
import type { Snapshot } from '../../src/serving/snapshot.ts'
import { openStore, serve } from '../support/bench.ts'
import { dotBiasModel, netModel, rankedModel } from '../support/models.ts'

/** User u1 rated m1, m2 and m3 and nobody else did as many: see `dotBiasModel`. */
async function snapshotOf(t: TestContext, model: Model = dotBiasModel()) {
  const bench = await openStore(t)
  await bench.importMovies()
  await bench.publish(model, 'v1')
  return (await serve(t, bench)).serving.snapshot()
}
const idsOf = ({ items }: { items: { movieId: string }[] }) => items.map(({ movieId }) => movieId)
const listFor = async (snapshot: Snapshot, userId: string, options: RecommendOptions) =>
  recommend(snapshot, await profileOf(snapshot, userId), options)
const ten = { n: 10, excludeRated: true, orderBy: 'rating' } as const

test('a prediction says what it rests on', async (t) => {
  const snapshot = await snapshotOf(t)
  const basis = async (userId: string, movieId: string) =>
    (await predict(snapshot, { userId, movieId })).basis
  assert.equal(await basis('u1', 'm4'), 'trained')
  assert.equal(await basis('nobody', 'm4'), 'movie-bias')
  assert.equal(await basis('u1', 'x1'), 'new-movie')
  assert.equal(await basis('nobody', 'x1'), 'new-movie')
})

test('with a level a prediction has an interval within the scale, wider at higher levels', async (t) => {
  const snapshot = await snapshotOf(t)
  for (const pair of [
    { userId: 'u1', movieId: 'm4' },
    { userId: 'u2', movieId: 'm1' },
    { userId: 'u3', movieId: 'x1' },
  ]) {
    const { rating, interval, ...rest } = await predict(snapshot, pair, 0.9)
    assert.deepEqual({ rating, ...rest }, await predict(snapshot, pair))
    assert.ok(interval && Math.abs(interval.lowest - Math.max(0.5, rating - 0.7)) < 1e-6)
    assert.ok(Math.abs(interval.highest - Math.min(5, rating + 0.7)) < 1e-6)
    const wider = (await predict(snapshot, pair, 0.95)).interval!
    assert.ok(wider.highest - wider.lowest > interval.highest - interval.lowest)
    assert.deepEqual(await predictBatch(() => snapshot, [pair], 0.9), [
      await predict(snapshot, pair, 0.9),
    ])
  }
})

test('a user that was never trained has the interval of such users', async (t) => {
  const snapshot = await snapshotOf(t)
  const { rating, interval } = await predict(snapshot, { userId: 'nobody', movieId: 'x1' }, 0.6)
  assert.ok(Math.abs(interval!.lowest - Math.max(0.5, rating - 1.2)) < 1e-6)
})

test('a model without intervals says so when it is asked for one', async (t) => {
  const snapshot = await snapshotOf(t, { ...dotBiasModel(), intervals: null })
  const pair = { userId: 'u1', movieId: 'm4' }
  assert.equal((await predict(snapshot, pair)).interval, undefined)
  await assert.rejects(() => predict(snapshot, pair, 0.9), {
    code: 'no-intervals',
    message: /split\.valid/,
  })
  await assert.rejects(() => predictBatch(() => snapshot, [pair], 0.9), { code: 'no-intervals' })
})

test('a movie of the model that the catalogue does not know is predicted all the same', async (t) => {
  const snapshot = await snapshotOf(t)
  assert.equal((await predict(snapshot, { userId: 'u1', movieId: 'm6' })).basis, 'trained')
})

test('a movie that nobody knows is an error, and in a batch only its own', async (t) => {
  const snapshot = await snapshotOf(t)
  const unknown = { userId: 'u1', movieId: 'm99' }
  const known = { userId: 'u1', movieId: 'm1' }
  await assert.rejects(() => predict(snapshot, unknown), { code: 'unknown-movie' })
  assert.deepEqual(await predictBatch(() => snapshot, [known, unknown, known]), [
    await predict(snapshot, known),
    { ...unknown, error: 'unknown-movie' },
    await predict(snapshot, known),
  ])
})

for (const [name, model] of [['dot-bias', dotBiasModel()] as const, ['net', netModel()] as const])
  test(`a list of ${name} has the very ratings that predictions have, best first`, async (t) => {
    const snapshot = await snapshotOf(t, model)
    for (const userId of ['u1', 'u2', 'nobody']) {
      const { items } = await listFor(snapshot, userId, { ...ten, n: 6, excludeRated: false })
      assert.equal(items.length, 6)
      for (const { movieId, rating } of items)
        assert.equal(rating, (await predict(snapshot, { userId, movieId })).rating)
      const ratings = items.map(({ rating }) => rating)
      assert.deepEqual(
        ratings,
        ratings.toSorted((a, b) => b - a),
      )
    }
  })

test('a list is by relevance or by rating, shows both numbers, and says which one it is by', async (t) => {
  const model = rankedModel()
  const snapshot = await snapshotOf(t, model)
  const all = { ...ten, excludeRated: false }
  const byRelevance = await listFor(snapshot, 'u1', { ...all, orderBy: 'relevance' })
  const byRating = await listFor(snapshot, 'u1', all)
  assert.deepEqual([byRelevance.orderBy, byRating.orderBy], ['relevance', 'rating'])
  assert.deepEqual(idsOf(byRelevance), ['m6', 'm5', 'm4', 'm3', 'm2', 'm1'])
  assert.deepEqual(
    byRelevance.items.map(({ score }) => score),
    [6, 5, 4, 3, 2, 1],
  )
  assert.notDeepEqual(idsOf(byRating), idsOf(byRelevance))
  for (const { movieId, rating } of byRelevance.items)
    assert.equal(rating, (await predict(snapshot, { userId: 'u1', movieId })).rating)
})

test('by relevance, an unknown user gets what suits the mean user', async (t) => {
  const snapshot = await snapshotOf(t, rankedModel())
  const { items, basis } = await listFor(snapshot, 'nobody', { ...ten, orderBy: 'relevance' })
  assert.equal(basis, 'movie-bias')
  assert.deepEqual(idsOf({ items }), ['m1', 'm2', 'm3', 'm4', 'm5', 'm6'])
})

test('a model without a ranking lists by rating, and says so', async (t) => {
  const snapshot = await snapshotOf(t)
  const asked = await listFor(snapshot, 'u1', { ...ten, orderBy: 'relevance' })
  assert.equal(asked.orderBy, 'rating')
  assert.deepEqual(asked, await listFor(snapshot, 'u1', ten))
})

test('what the user has rated is left out unless it is asked for', async (t) => {
  const snapshot = await snapshotOf(t)
  assert.deepEqual(idsOf(await listFor(snapshot, 'u1', ten)).sort(), ['m4', 'm5', 'm6'])
  const all = await listFor(snapshot, 'u1', { ...ten, excludeRated: false })
  assert.deepEqual(idsOf(all).sort(), ['m1', 'm2', 'm3', 'm4', 'm5', 'm6'])
})

test('an unknown user gets the movies in order of their bias, and the list says so', async (t) => {
  const snapshot = await snapshotOf(t)
  const { basis, items } = await listFor(snapshot, 'nobody', ten)
  assert.equal(basis, 'movie-bias')
  const { ids } = snapshot.model.movies
  const bias = snapshot.model.baseline.movieBias
  const expected = ids.toSorted((a, b) => bias[ids.indexOf(b)]! - bias[ids.indexOf(a)]!)
  assert.deepEqual(idsOf({ items }), expected)
  assert.equal((await listFor(snapshot, 'u1', ten)).basis, 'trained')
})

test('filters leave out what does not pass, and what is not known passes no filter', async (t) => {
  const snapshot = await snapshotOf(t)
  const list = async (filter: object) =>
    idsOf(await listFor(snapshot, 'nobody', { ...ten, ...filter })).sort()
  assert.deepEqual(await list({ genres: ['sci-fi', 'Romance'] }), ['m1', 'm2', 'm3'])
  assert.deepEqual(await list({ yearFrom: 2001 }), ['m1', 'm3'])
  assert.deepEqual(await list({ yearTo: 2001 }), ['m1', 'm2'])
  assert.deepEqual(await list({ yearFrom: 2001, yearTo: 2001 }), ['m1'])
  await assert.rejects(() => list({ yearFrom: 2002, yearTo: 2001 }), {
    code: 'invalid-request',
    message: 'yearFrom 2002 is after yearTo 2001: expected the earlier year first.',
  })
  assert.deepEqual(await list({ genres: ['Western'] }), [])
  assert.deepEqual(await list({ minRatings: 3 }), ['m3', 'm4'])
  assert.deepEqual(await list({ minRatings: 99 }), [])
})

test('an item says what the catalogue knows, and null where it knows nothing', async (t) => {
  const snapshot = await snapshotOf(t)
  const { items } = await listFor(snapshot, 'nobody', { ...ten, n: 6 })
  const item = (id: string) => {
    const { rating, score, ratings, ...rest } = items.find(({ movieId }) => movieId === id)!
    assert.equal(typeof rating, 'number')
    assert.deepEqual([typeof score, typeof ratings], ['number', 'number'])
    return rest
  }
  const genres = ['Action', 'Sci-Fi']
  assert.deepEqual(item('m2'), {
    movieId: 'm2',
    title: 'Matrix, The',
    displayTitle: 'The Matrix',
    year: 1999,
    genres,
  })
  assert.deepEqual(item('m4'), {
    movieId: 'm4',
    title: 'Untitled',
    displayTitle: 'Untitled',
    year: null,
    genres: [],
  })
  assert.deepEqual(item('m6'), {
    movieId: 'm6',
    title: null,
    displayTitle: null,
    year: null,
    genres: [],
  })
})

test("the ranking is by the model's bias, or by the baseline's where it has none", async (t) => {
  const options = { order: 'top', n: 6, mostRated: 3_000, minRatings: 0 } as const
  for (const model of [dotBiasModel(), netModel()]) {
    const snapshot = await snapshotOf(t, model)
    const { source, items } = rankByBias(snapshot, options)
    assert.equal(source, model.movieBias ? 'model' : 'baseline')
    const bias = Array.from(model.movieBias ?? model.baseline.movieBias)
    assert.deepEqual(
      items.map((item) => item.bias),
      bias.toSorted((a, b) => b - a),
    )
    const bottom = rankByBias(snapshot, { ...options, order: 'bottom' })
    assert.deepEqual(idsOf(bottom), idsOf({ items }).reverse())
  }
})

test('the ranking counts ratings and keeps to the most rated, before any filter', async (t) => {
  const snapshot = await snapshotOf(t)
  const rank = (options: object) =>
    rankByBias(snapshot, { order: 'top', n: 6, mostRated: 3_000, minRatings: 0, ...options })
  // m3 and m4 have three ratings each, m2 and m5 two, m1 and m6 one.
  assert.deepEqual(idsOf(rank({ mostRated: 2 })).sort(), ['m3', 'm4'])
  assert.deepEqual(idsOf(rank({ mostRated: 3 })).sort(), ['m2', 'm3', 'm4'])
  assert.deepEqual(idsOf(rank({ minRatings: 2 })).sort(), ['m2', 'm3', 'm4', 'm5'])
  assert.deepEqual(idsOf(rank({ mostRated: 2, genres: ['Romance'] })), [])
  const { rated } = snapshot.model
  const values = rated.rating.filter((_, row) => rated.movieIndex[row] === 2)
  const m3 = rank({}).items.find(({ movieId }) => movieId === 'm3')!
  assert.equal(m3.ratings, 3)
  assert.ok(Math.abs(m3.meanRating! - values.reduce((sum, value) => sum + value, 0) / 3) < 1e-9)
})
