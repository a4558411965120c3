import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Model } from '../../src/model/model.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { explain } from '../../src/serving/explain/explain.ts'
import { foldedProfile } from '../../src/serving/profile.ts'
import { openApp } from '../support/app.ts'
import { dotBiasModel, wideNetModel } from '../support/models.ts'

const dotBias = dotBiasModel({ users: 60, movies: 40, factors: 5 })
const models: Record<string, Model> = {
  dot: { ...dotBias, userBias: null, movieBias: null, ratingRange: null },
  'dot-bias': dotBias,
  'dot-bias without a range': { ...dotBias, ratingRange: null },
  net: wideNetModel(),
}

async function openTrained(t: TestContext, model: Model = dotBias) {
  const bench = await openApp(t)
  await bench.importMovies()
  await bench.publish(model, 'v1')
  await bench.serving.refresh()
  const ask = async (user: string, movie: string, n = 10, of = 'rating') =>
    (await bench.call(`GET /v1/users/${user}/explanations/${movie}?n=${n}&of=${of}`)).body
  return { ...bench, explain: ask }
}
type Part = { movieId: string; rating: number; stars?: number; relevance?: number }
const partOf = ({ stars, relevance }: Part) => (stars ?? relevance)!
const total = (parts: Part[]) => parts.reduce((sum, part) => sum + partOf(part), 0)
const close = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-4, `${actual} is ${expected}`)

for (const [name, model] of Object.entries(models))
  test(`the parts of an explanation add up to the score (${name})`, async (t) => {
    const { explain, call } = await openTrained(t, model)
    for (const [user, movie] of [
      ['u1', 'm9'],
      ['u17', 'm2'],
      ['u40', 'm40'],
    ] as const) {
      const { score, rating, prior, items, others, remainder } = await explain(user, movie)
      close(prior + total(items) + others + remainder, score)
      close(Math.min(5, Math.max(0.5, score)), rating)
      const predicted = (await call(`GET /v1/users/${user}/predictions/${movie}`)).body
      assert.equal(rating, predicted.rating)
      assert.equal(items.length, 3)
      const short = await explain(user, movie, 1)
      assert.deepEqual(short.items, items.slice(0, 1))
      close(short.others, items[1].stars + items[2].stars)
    }
  })

for (const [name, model] of Object.entries(models))
  test(`of ratings that are folded in nothing remains: the parts are the whole (${name})`, async (t) => {
    const { serving } = await openTrained(t, model)
    const snapshot = serving.snapshot()
    const ratings = [2, 9, 20].map((movie, i) => ({ movieId: `m${movie}`, rating: 1 + 2 * i }))
    const profile = await foldedProfile(snapshot, ratings)
    for (const movieId of ['m1', 'm9', 'm33']) {
      const { score, prior, items, remainder } = await explain(snapshot, profile, movieId, {
        n: 3,
        of: 'rating',
      })
      close(prior + total(items) + remainder, score)
      assert.ok(Math.abs(remainder) < (name === 'net' ? 0.02 : 2e-3), `${remainder} remains`)
    }
  })

test('a rating of the movie itself moves its score most, and upwards if it was high', async (t) => {
  const { explain } = await openTrained(t)
  for (let user = 1; user <= 20; user++) {
    const movie = `m${user}`
    const { items } = await explain(`u${user}`, movie)
    const own = items.find(({ movieId }: Part) => movieId === movie)
    const others = items.filter(({ movieId }: Part) => movieId !== movie)
    const strongest = Math.max(...others.map((part: Part) => Math.abs(partOf(part))))
    if (Math.abs(own.rating - 2.75) < 1.5) continue
    assert.ok(Math.abs(own.stars) > 0.1 * strongest)
    assert.ok(own.stars > 0 === own.rating > 2.75, `${own.rating} moves by ${own.stars}`)
  }
})

test('of an unknown user everything is the prior; an unknown movie is no movie', async (t) => {
  const { explain, call } = await openTrained(t)
  const { model, userId, movieId, rating, score, ...rest } = await explain('nobody', 'm9')
  assert.deepEqual([model, userId, movieId], ['v1', 'nobody', 'm9'])
  assert.ok(Math.abs(score - rating) <= 5e-5)
  const nothing = { items: [], others: 0, remainder: 0 }
  assert.deepEqual(rest, { basis: 'movie-bias', of: 'rating', prior: score, ...nothing })
  for (const movie of ['nope', 'x1']) {
    const { status, body } = await call(`GET /v1/users/u1/explanations/${movie}`)
    assert.deepEqual([status, body.code], [404, 'unknown-movie'])
  }
  const { status, body } = await call('GET /v1/users/u1/explanations/m1?n=-1')
  assert.deepEqual([status, body.errors[0].pointer], [400, '/query/n'])
})

test('a list says why, in parts that the explanation of each movie has', async (t) => {
  const { call, explain } = await openTrained(t)
  const { body } = await call('GET /v1/users/u3/recommendations?explain=true&n=8')
  const plain = (await call('GET /v1/users/u3/recommendations?n=8')).body
  const bare = body.items.map(({ because: _, ...item }: { because: unknown }) => item)
  assert.deepEqual({ ...body, items: bare }, plain)
  for (const { movieId, because } of body.items) {
    const parts = (await explain('u3', movieId)).items.filter(
      (part: Part) => partOf(part) > 0 && part.rating >= dotBias.likedFrom,
    )
    assert.deepEqual(because, parts)
  }
  assert.ok(body.items.some(({ because }: { because: Part[] }) => because.length > 0))

  const ratings = [
    { movieId: 'm5', rating: 5 },
    { movieId: 'm6', rating: 1 },
  ]
  const folded = await call('POST /v1/recommendations', { payload: { ratings, explain: true } })
  for (const { because } of folded.body.items)
    for (const { movieId, rating } of because)
      assert.ok(ratings.some((own) => own.movieId === movieId && own.rating === rating))
  const nobody = await call('GET /v1/users/nobody/recommendations?explain=true&n=1')
  assert.deepEqual(nobody.body.items[0].because, [])
})

/** With a ranking whose factors are drawn: 60 users, 40 movies, three ratings each. */
function rankedModel(): Model {
  const random = createRandom(3, 'ranked')
  const matrix = (rows: number) => {
    const data = Float32Array.from({ length: rows * 6 }, () => 0.4 * random.normal())
    return { rows, columns: 6, data }
  }
  const meanUser = matrix(1).data
  return { ...dotBias, ranking: { userFactors: matrix(60), movieFactors: matrix(40), meanUser } }
}
const given = [4.5, 5, 1, 4, 2, 0.5, 3, 5].map((rating, i) => ({
  movieId: `m${1 + 4 * i}`,
  rating,
}))

test('a relevance is the sum of its parts, for a user of the model and for a visitor', async (t) => {
  const { explain: ask, serving, call } = await openTrained(t, rankedModel())
  const snapshot = serving.snapshot()
  const profile = await foldedProfile(snapshot, given)
  const listed = (
    await call('GET /v1/users/u3/recommendations?n=40&excludeRated=false&excludeDisliked=false')
  ).body.items
  for (let movie = 1; movie <= 40; movie++) {
    const of = 'relevance'
    const parts = await explain(snapshot, profile, `m${movie}`, { n: 3, of })
    close(parts.prior + total(parts.items) + total(parts.against!) + parts.others, parts.score)
    assert.ok(Math.abs(parts.remainder) < 1e-5, `${parts.remainder} remains`)
    const user = await ask('u3', `m${movie}`, 3, of)
    const rest = user.prior + user.others + user.remainder
    close(rest + total(user.items) + total(user.against), user.score)
    const item = listed.find(({ movieId }: Part) => movieId === `m${movie}`)
    assert.ok(Math.abs(item.score - user.score) < 1e-6)
  }
})

test('reasons are liked and raise the relevance; against it are its opposites, strongest first', async (t) => {
  const { serving, call } = await openTrained(t, rankedModel())
  const snapshot = serving.snapshot()
  const profile = await foldedProfile(snapshot, given)
  let [reasons, objections] = [0, 0]
  for (let movie = 1; movie <= 40; movie++) {
    const { items, against } = await explain(snapshot, profile, `m${movie}`, {
      n: 10,
      of: 'relevance',
    })
    reasons += items.length
    objections += against!.length
    for (const part of items) assert.ok(part.rating >= dotBias.likedFrom && part.relevance! > 0)
    for (const part of against!) assert.ok(part.relevance! < 0)
    for (const list of [items, against!])
      assert.deepEqual(
        list,
        list.toSorted((a, b) => Math.abs(b.relevance!) - Math.abs(a.relevance!)),
      )
  }
  assert.ok(reasons > 20 && objections > 20, `${reasons} and ${objections}`)
  const payload = { ratings: given, explain: true, n: 40 }
  const { items } = (await call('POST /v1/recommendations', { payload })).body
  for (const { because } of items)
    for (const { rating } of because) assert.ok(rating >= dotBias.likedFrom)
})

test('the strongest reason, taken away and folded in again, lowers the movie', async (t) => {
  const model = rankedModel()
  // With fewer ratings the mean user counts more: let theirs be no taste at all.
  const ranking = { ...model.ranking!, meanUser: new Float32Array(6) }
  const { serving } = await openTrained(t, { ...model, ranking })
  const snapshot = serving.snapshot()
  const profile = await foldedProfile(snapshot, given)
  const n = 1
  let cases = 0
  for (let movie = 1; movie <= 40; movie++) {
    const of = 'relevance'
    const { score, items } = await explain(snapshot, profile, `m${movie}`, { n, of })
    if (items.length === 0 || score < 0) continue
    const without = given.filter(({ movieId }) => movieId !== items[0]!.movieId)
    const left = await explain(snapshot, await foldedProfile(snapshot, without), `m${movie}`, {
      n,
      of,
    })
    assert.ok(left.score < score, `m${movie}: ${left.score} without, ${score} with it`)
    cases++
  }
  assert.ok(cases > 10)
})

test('of an unknown user the relevance is that for the mean user', async (t) => {
  const { explain, call } = await openTrained(t, rankedModel())
  const { items } = (await call('GET /v1/users/nobody/recommendations?n=1')).body
  const { movieId, score } = items[0]
  const parts = await explain('nobody', movieId, 10, 'relevance')
  const nothing = { items: [], against: [], others: 0, remainder: 0 }
  for (const [name, value] of Object.entries({ of: 'relevance', prior: score, score, ...nothing }))
    assert.deepEqual(parts[name], value)
})
