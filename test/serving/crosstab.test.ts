import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { ratedMovies } from '../../src/model/data/ratings.ts'
import type { Model } from '../../src/model/model.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { crosstab } from '../../src/serving/crosstab.ts'
import { openStore, serve } from '../support/bench.ts'
import { dotBiasModel } from '../support/models.ts'

type Row = readonly [user: number, movie: number, rating: number]

function modelOf(rows: readonly Row[], size: { users: number; movies: number }): Model {
  const model = dotBiasModel(size)
  const { users, movies } = model
  const rated = ratedMovies({
    users,
    movies,
    userIndex: Uint32Array.from(rows, ([user]) => user),
    movieIndex: Uint32Array.from(rows, ([, movie]) => movie),
    rating: Float32Array.from(rows, ([, , rating]) => rating),
    timestamp: new Uint32Array(rows.length),
  })
  return { ...model, rated }
}

async function snapshotOf(t: TestContext, model: Model) {
  const bench = await openStore(t)
  await bench.importMovies()
  await bench.publish(model, 'v1')
  return (await serve(t, bench)).serving.snapshot()
}

test('the most active and the most rated come first, equal ones by index, gaps are null', async (t) => {
  const rows: Row[] = [
    [3, 1, 4.5],
    [3, 0, 1],
    [1, 1, 5],
    [1, 2, 0.5],
    [0, 1, 2],
  ]
  const snapshot = await snapshotOf(t, modelOf(rows, { users: 4, movies: 6 }))
  assert.deepEqual(crosstab(snapshot, { users: 3, movies: 2 }), {
    users: [
      { userId: 'u2', ratings: 2 },
      { userId: 'u4', ratings: 2 },
      { userId: 'u1', ratings: 1 },
    ],
    movies: [
      { movieId: 'm2', title: 'Matrix, The', displayTitle: 'The Matrix', ratings: 3 },
      { movieId: 'm1', title: 'Amélie', displayTitle: 'Amélie', ratings: 1 },
    ],
    cells: [
      [5, null],
      [4.5, 1],
      [2, null],
    ],
  })
})

test('every cell is what a look through all ratings finds', async (t) => {
  const random = createRandom(1, 'crosstab')
  const size = { users: 30, movies: 40 }
  const rows: Row[] = []
  for (let user = 0; user < size.users; user++)
    for (let movie = 0; movie < size.movies; movie++)
      if (random.uniform() < 0.3) rows.push([user, movie, 0.5 * (1 + random.below(10))])
  const { users, movies, cells } = crosstab(await snapshotOf(t, modelOf(rows, size)), size)
  assert.deepEqual([users.length, movies.length], [30, 40])
  users.forEach(({ userId }, u) => {
    movies.forEach(({ movieId }, m) => {
      const found = rows.find(([i, j]) => `u${i + 1}` === userId && `m${j + 1}` === movieId)
      assert.equal(cells[u]![m], found?.[2] ?? null)
    })
  })
})

test('a movie beyond the last of one user is not looked for among those of the next', async (t) => {
  const rows: Row[] = [
    [0, 0, 1],
    [1, 1, 2],
  ]
  const snapshot = await snapshotOf(t, modelOf(rows, { users: 2, movies: 2 }))
  assert.deepEqual(crosstab(snapshot, { users: 2, movies: 2 }).cells, [
    [1, null],
    [null, 2],
  ])
})

test('there are no more users and movies than the model has', async (t) => {
  const snapshot = await snapshotOf(t, dotBiasModel())
  const { users, movies, cells } = crosstab(snapshot, { users: 100, movies: 100 })
  assert.deepEqual([users.length, movies.length, cells.length, cells[0]!.length], [4, 6, 4, 6])
})
