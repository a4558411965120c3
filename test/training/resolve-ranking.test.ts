import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { likeThreshold, ratingScaleOf } from '../../src/model/data/rating-scale.ts'
import type { Ratings } from '../../src/model/data/ratings.ts'
import {
  rankingEpochs,
  rankingSettings,
  rankingSpecSchema,
} from '../../src/model/spec/ranking-spec.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { readRatingsFile } from '../../src/storage/ratings/read-ratings-file.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { drawInnerLikes, rowsOfSomeUsers } from '../../src/training/ranking/inner-likes.ts'
import { resolveRanking } from '../../src/training/ranking/resolve-ranking.ts'
import { root } from '../support/root.ts'
import { plantedRatings, ratingsOf } from './planted-ratings.ts'

const shared = fileURLToPath(new URL('../shared/data/', root))

const resolve = (rows: Ratings, changes: object = {}, threads = 2) => {
  const scale = ratingScaleOf(rows.rating)
  const likedFrom = likeThreshold(rows.rating, scale)
  const spec = rankingSpecSchema.parse(changes)
  return resolveRanking({ rows, spec, seed: 1, scale, likedFrom }, createPulse(), threads)
}

for (const [data, factors, regularization] of [
  ['flixster/train.csv', 128, 0.1],
  ['ml-100k/u1.base', 64, 0.3],
] as const)
  test(`the search finds a setting that suits the data: ${data}`, {
    skip: existsSync(shared + data) ? false : `${data} is not in ../shared/data.`,
  }, async () => {
    const { ratings } = await readRatingsFile(shared + data)
    const chosen = await resolve(ratings)
    assert.deepEqual([chosen.factors, chosen.regularization], [factors, regularization])
  })

test('what is given stays, and of too few likes the first setting is taken', async () => {
  const given = { factors: 5, unobservedWeight: 0.2, regularization: 0.07, priorRatings: 3 }
  const all = rankingSpecSchema.parse({ ...given, epochs: 12 })
  assert.deepEqual(await resolve(plantedRatings(), given), all)
  const few = await resolve(plantedRatings({ users: 20 }), { unobservedWeight: 0.2 })
  const { factors, regularization } = rankingSettings[0]!
  assert.deepEqual(few, {
    ...rankingSpecSchema.parse({ unobservedWeight: 0.2, epochs: 12 }),
    factors,
    regularization,
    priorRatings: 1,
  })
})

test('of more than a million ratings there are fewer epochs, unless they are given', () => {
  const sizes = [100_000, 1_000_000, 2_000_000, 25_000_000]
  assert.deepEqual(
    sizes.map((size) => rankingEpochs({ epochs: 'auto' }, size)),
    [12, 12, 10, 8],
  )
  assert.equal(rankingEpochs({ epochs: 5 }, 25_000_000), 5)
})

test('where a like tells of the movie alone the mean user weighs more than where it tells of taste', async () => {
  const settings = { factors: 5, unobservedWeight: 0.2, regularization: 0.07 }
  const rated = (likes: (user: number, movie: number, chance: number) => boolean) => {
    const random = createRandom(1, 'likes')
    const rows: [number, number, number][] = []
    for (let user = 0; user < 200; user++)
      for (let movie = 0; movie < 60; movie++)
        if (random.uniform() < 0.6)
          rows.push([user, movie, likes(user, movie, random.uniform()) ? 5 : 1])
    return ratingsOf(rows)
  }
  const ofTaste = rated((user, movie) => (user + movie) % 4 === 0)
  const ofMovies = rated((_, movie, chance) => chance < (movie % 4 === 0 ? 0.7 : 0.1))
  const [taste, movies] = [await resolve(ofTaste, settings), await resolve(ofMovies, settings)]
  assert.ok(
    movies.priorRatings > taste.priorRatings,
    `${movies.priorRatings} ${taste.priorRatings}`,
  )
})

test('the number of threads does not change the choice', async () => {
  const rows = plantedRatings({ users: 200 })
  const chosen = await resolve(rows, {}, 1)
  assert.deepEqual(await resolve(rows, {}, 3), chosen)
})

test('each like is either set apart or known, and no lower rating is set apart', () => {
  const rows = plantedRatings({ users: 200 })
  const inner = drawInnerLikes(rows, 4, 1)!
  const likes = rows.rating.filter((rating) => rating >= 4).length
  let apart = 0
  for (const [user, { relevant, seen }] of inner.cases) {
    apart += relevant.size
    const own = [...rows.userIndex.keys()].filter((row) => rows.userIndex[row] === user)
    const liked = own.filter((row) => rows.rating[row]! >= 4).map((row) => rows.movieIndex[row]!)
    assert.deepEqual(new Set([...relevant, ...seen]), new Set(liked))
    assert.ok(
      [...relevant].every((movie) => !seen.has(movie)),
      `user ${user}`,
    )
  }
  assert.equal(apart, Math.floor(likes / 10))
  assert.equal(inner.rows.rating.length, rows.rating.length - apart)
})

test('of many ratings those of some users are searched on, all that each of them has', () => {
  const rows = plantedRatings({ users: 200 })
  const ratings = rows.rating.length
  assert.equal(rowsOfSomeUsers(rows, ratings, 1), rows)
  const some = rowsOfSomeUsers(rows, ratings / 4, 1)
  assert.ok(some.rating.length > ratings / 5 && some.rating.length <= ratings / 4)
  const drawn = new Set(some.userIndex)
  const theirs = rows.userIndex.filter((user) => drawn.has(user))
  assert.deepEqual([...some.userIndex], [...theirs])
  assert.notDeepEqual(rowsOfSomeUsers(rows, ratings / 4, 2).userIndex, some.userIndex)
})
