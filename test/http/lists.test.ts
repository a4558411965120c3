import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openApp } from '../support/app.ts'
import { dotBiasModel, rankedModel } from '../support/models.ts'

type Item = { movieId: string; rating: number }
const idsOf = ({ items }: { items: Item[] }) => items.map(({ movieId }) => movieId)

/** 300 movies, of which user u1 has rated three. */
async function openLarge(t: TestContext, movies = 300) {
  const bench = await openApp(t)
  await bench.publish(dotBiasModel({ users: 20, movies, factors: 8 }), 'v1')
  await bench.serving.refresh()
  const list = async (query: string) => {
    const { status, body } = await bench.call(
      `GET /v1/users/u1/recommendations?excludeDisliked=false&${query}`,
    )
    assert.equal(status, 200, JSON.stringify(body))
    return body as { items: Item[]; nextCursor: string | null; unknownMovieIds: string[] }
  }
  const pages = async (query: string, count: number, n: number) => {
    const ids: string[] = []
    let cursor = ''
    for (let page = 0; page < count; page++) {
      const body = await list(`${query}&n=${n}${cursor}`)
      ids.push(...idsOf(body))
      if (body.nextCursor === null) break
      cursor = `&cursor=${body.nextCursor}`
    }
    return ids
  }
  return { ...bench, list, pages }
}

for (const query of ['', 'diversity=0.6', 'excludeMovieIds=m7&excludeRated=false'])
  test(`ten pages of a list have no repeat and are one long list (${query})`, async (t) => {
    const { list, pages } = await openLarge(t)
    const ids = await pages(query, 10, 10)
    assert.equal(new Set(ids).size, 100)
    assert.deepEqual(ids, idsOf(await list(`${query}&n=100`)))
  })

test('the pages of a list end with its last movie', async (t) => {
  const { pages } = await openLarge(t)
  for (const query of ['', 'diversity=0.3'])
    assert.equal(new Set(await pages(query, 99, 33)).size, 297)
  assert.equal((await pages('', 99, 27)).length, 297)
})

test('no diversity is the plain order; more of it keeps the first and sets like ones apart', async (t) => {
  const { list, serving } = await openLarge(t)
  const plain = await list('n=20')
  assert.deepEqual(await list('n=20&diversity=0'), plain)
  assert.notDeepEqual(idsOf(await list('n=20&diversity=0.5')), idsOf(plain))
  const { model } = serving.snapshot()
  const factorsOf = (id: string) => {
    const row = model.movies.indexOf(id)
    return [...model.movieFactors.data.subarray(row * 8, (row + 1) * 8)]
  }
  const product = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0)
  const likeness = (ids: string[]) => {
    const all = ids.map(factorsOf)
    const pairs = all.flatMap((a, i) => all.slice(0, i).map((b) => [a, b] as const))
    const cosines = pairs.map(([a, b]) => product(a, b) / Math.hypot(...a) / Math.hypot(...b))
    return cosines.reduce((sum, x) => sum + x, 0) / cosines.length
  }
  const diverse = await Promise.all([0, 0.5, 1].map((d) => list(`n=20&diversity=${d}`)))
  const [none, half, full] = diverse.map(idsOf) as [string[], string[], string[]]
  assert.equal(half[0], none[0])
  assert.equal(full[0], none[0])
  assert.ok(likeness(half) < likeness(none) && likeness(full) < likeness(half))
})

test('diversity ends with the five hundred best: behind them the order is the plain one', async (t) => {
  const { list, pages } = await openLarge(t, 530)
  const ids = await pages('diversity=0.7', 9, 100)
  assert.equal(new Set(ids).size, 527)
  assert.deepEqual(ids.slice(500), (await pages('', 9, 100)).slice(500))
  assert.deepEqual(idsOf(await list('diversity=0.7&candidateMovieIds=nope')), [])
})

test('candidates are put in the order of the whole list, and unknown ones are named', async (t) => {
  const { list } = await openLarge(t)
  const all = idsOf(await list('n=100'))
  const chosen = [all[70]!, all[3]!, all[40]!]
  const body = await list(`candidateMovieIds=${chosen},nope,nope&candidateMovieIds=m1`)
  // m1 was rated, so it stays out.
  assert.deepEqual(idsOf(body), [all[3], all[40], all[70]])
  assert.deepEqual(body.unknownMovieIds, ['nope'])
  assert.deepEqual(idsOf(await list('candidateMovieIds=nope')), [])
  const rated = idsOf(await list('candidateMovieIds=m1,m2&excludeRated=false'))
  assert.deepEqual(rated.toSorted(), ['m1', 'm2'])
})

test('excluded movies are left out, and unknown ones harm nothing', async (t) => {
  const { list } = await openLarge(t)
  const [first, second, third] = idsOf(await list('n=3')) as [string, string, string]
  const rest = idsOf(await list(`n=2&excludeMovieIds=${first},nope&excludeMovieIds=${third}`))
  assert.equal(rest[0], second)
  assert.ok(!rest.includes(third))
})

test('a list that is asked for in a body is the same list, page by page', async (t) => {
  const { call, list } = await openLarge(t)
  const post = (payload: object) => call('POST /v1/recommendations', { payload })
  const filters = { minRatings: 1, excludeRated: false, excludeDisliked: false }
  const wanted = { userId: 'u1', n: 5, ...filters, diversity: 0.2 }
  const { status, body } = await post(wanted)
  assert.equal(status, 200)
  const query = 'n=5&minRatings=1&excludeRated=false&diversity=0.2'
  assert.deepEqual(body.items, (await list(query)).items)
  const next = await post({ ...wanted, cursor: body.nextCursor })
  assert.deepEqual(next.body.items, (await list(`${query}&cursor=${body.nextCursor}`)).items)
  const ids = (await post({ userId: 'u1', candidateMovieIds: ['m9', 'a,b'] })).body
  assert.deepEqual([idsOf(ids), ids.unknownMovieIds], [['m9'], ['a,b']])
})

test('a cursor continues its own list and no other', async (t) => {
  const { call, list, publish, serving } = await openLarge(t)
  const cursor = (await list('n=5')).nextCursor
  const ask = (user: string, query: string) =>
    call(`GET /v1/users/${user}/recommendations?excludeDisliked=false&cursor=${cursor}&${query}`)
  assert.equal((await ask('u1', 'n=9')).status, 200)
  for (const [user, query] of [
    ['u2', 'n=5'],
    ['u1', 'diversity=0.1'],
    ['u1', 'excludeMovieIds=m9'],
    ['u1', 'genres=Drama'],
  ] as const) {
    const { status, body } = await ask(user, query)
    assert.deepEqual([status, body.code], [400, 'invalid-request'], query)
    assert.equal(body.errors[0].pointer, '/query/cursor')
  }
  for (const text of ['x', 'e30', Buffer.from('["model v1","x",-1]').toString('base64url')]) {
    const { status, body } = await call(`GET /v1/users/u1/recommendations?cursor=${text}`)
    assert.deepEqual([status, body.errors[0]?.pointer], [400, '/query/cursor'], text)
  }
  const inBody = await call('POST /v1/recommendations', { payload: { userId: 'u1', cursor: 'x' } })
  assert.deepEqual([inBody.status, inBody.body.errors[0].pointer], [400, '/cursor'])
  await publish(dotBiasModel({ users: 20, movies: 300, factors: 8, seed: 2 }), 'v2', 2)
  await serving.refresh()
  const late = await ask('u1', 'n=5')
  assert.deepEqual([late.status, late.body.code], [410, 'expired-cursor'])
})

test('a cursor outlives a new catalogue only where the list does not ask it', async (t) => {
  const { list, call, importMovies, serving } = await openLarge(t)
  await importMovies()
  await serving.refresh()
  const cursors = await Promise.all(
    ['n=1&', 'n=1&excludeRated=false&genres=sci-fi&'].map(async (query) => {
      return `excludeDisliked=false&${query}cursor=${(await list(query)).nextCursor}`
    }),
  )
  await importMovies('movieId,title,genres\nm2,"Matrix, The (1999)",Drama\n')
  await serving.refresh()
  const [plain, filtered] = await Promise.all(
    cursors.map((query) => call(`GET /v1/users/u1/recommendations?${query}`)),
  )
  assert.equal(plain!.status, 200)
  assert.deepEqual([filtered!.status, filtered!.body.code], [410, 'expired-cursor'])
})

test('parameters out of bounds are named', async (t) => {
  const { call } = await openLarge(t)
  for (const [query, name] of [
    ['diversity=1.1', 'diversity'],
    ['diversity=-0.1', 'diversity'],
    ['diversity=half', 'diversity'],
    [`excludeMovieIds=${'m,'.repeat(1_000)}m`, 'excludeMovieIds'],
    ['minRatings=-1', 'minRatings'],
  ]) {
    const { status, body } = await call(`GET /v1/users/u1/recommendations?${query}`)
    assert.deepEqual([status, body.errors[0].pointer], [400, `/query/${name}`], query)
  }
  for (const [field, value] of [
    ['n', '5'],
    ['diversity', 2],
    ['candidateMovieIds', 'm1'],
    ['excludeRated', 'true'],
    ['extra', 1],
  ] as const) {
    const payload = { userId: 'u1', [field]: value }
    const { status, body } = await call('POST /v1/recommendations', { payload })
    assert.deepEqual([status, body.errors[0].pointer], [400, `/${field}`], field)
  }
})

test('pages by relevance go on by relevance, that of ratings that are folded in, too', async (t) => {
  const { call, publish, serving } = await openApp(t)
  await publish(rankedModel(), 'v1')
  await serving.refresh()
  const ask = async (query: string) =>
    (
      await call(
        `GET /v1/users/u1/recommendations?excludeRated=false&excludeDisliked=false&n=3&${query}`,
      )
    ).body
  const first = await ask('')
  assert.deepEqual([first.orderBy, idsOf(first)], ['relevance', ['m6', 'm5', 'm4']])
  assert.deepEqual(idsOf(await ask(`cursor=${first.nextCursor}`)), ['m3', 'm2', 'm1'])
  const other = await ask(`cursor=${first.nextCursor}&orderBy=rating`)
  assert.equal(other.errors[0].pointer, '/query/cursor')
  const payload = { ratings: [{ movieId: 'm1', rating: 5 }] }
  assert.equal((await call('POST /v1/recommendations', { payload })).body.orderBy, 'relevance')
})
