import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { ownRatings } from '../../src/model/data/ratings.ts'
import { createRanker, meanOfRows } from '../../src/model/ranker.ts'
import { createScorer } from '../../src/model/scorer.ts'
import { recommend } from '../../src/serving/lists/recommend.ts'
import { profileOf } from '../../src/serving/profile.ts'
import { factsOf, type Snapshot } from '../../src/serving/snapshot.ts'
import { openStore, serve } from '../support/bench.ts'
import { dotBiasModel, netModel } from '../support/models.ts'

const movies = 1_200
const genres = ['Drama', 'Comedy', 'War', 'Musical|War', 'Drama|Comedy']

/** Movies m1 … of all years from 1950, every ninth not in the catalogue. */
async function snapshotOf(t: TestContext): Promise<Snapshot> {
  const bench = await openStore(t)
  const lines = Array.from({ length: movies }, (_, i) => i)
    .filter((i) => i % 9 !== 0)
    .map((i) => `m${i + 1},Movie (${1950 + (i % 70)}),${genres[i % genres.length]}`)
  await bench.importMovies(`movieId,title,genres\n${lines.join('\n')}\n`)
  const model = dotBiasModel({ users: 500, movies, factors: 9 })
  const { userFactors, movieFactors } = dotBiasModel({ users: 500, movies, factors: 5, seed: 2 })
  const ranking = { userFactors, movieFactors, meanUser: meanOfRows(userFactors) }
  await bench.publish({ ...model, ranking }, 'v1')
  return (await serve(t, bench)).serving.snapshot()
}

type Filter = Parameters<typeof recommend>[2]

/**
 * Asks of every movie what the filter asks, and sorts by the prediction before it is put in the
 * scale.
 */
function oracle(snapshot: Snapshot, userId: string, filter: Filter): string[] {
  const { model, statistics } = snapshot
  const user = model.users.indexOf(userId)
  const own = model.rated.movieIndex.subarray(
    model.rated.offsets[user],
    model.rated.offsets[user + 1],
  )
  const { predict } = createScorer({ ...model, ratingRange: null, ratingScale: [-1e9, 1e9] })
  const scorer = createScorer(model)
  const rated = Array.from(ownRatings(model, user).rating)
  const all = model.rated.rating
  const mean = all.reduce((sum, rating) => sum + rating, 0) / all.length
  const total = rated.reduce((sum, rating) => sum + rating, 15 * mean)
  const [lowest, highest] = model.ratingScale
  // Predictions are compared as they are shown, to four decimals.
  const least = user < 0 ? 0 : total / (15 + rated.length) - (highest - lowest) / 8 - 5e-5
  const relevance = new Float32Array(model.movies.size)
  createRanker(model)!.scoreAll(user, relevance)
  const isByRating = filter.orderBy === 'rating'
  return model.movies.ids
    .map((id, movie) => ({
      id,
      movie,
      score: isByRating ? predict(user, movie) : relevance[movie]!,
      fact: factsOf(snapshot, movie),
    }))
    .filter(({ movie, fact }) => {
      if (filter.excludeRated && user >= 0 && own.includes(movie)) return false
      const isDisliked = scorer.predict(user, movie) < least
      if (filter.excludeDisliked && filter.excludeRated && isDisliked) return false
      if (statistics.ratings[movie]! < (filter.minRatings ?? 0)) return false
      if (filter.yearFrom !== undefined && !(fact && fact.year! >= filter.yearFrom)) return false
      if (filter.yearTo !== undefined && !(fact && fact.year! <= filter.yearTo)) return false
      return !filter.genres || fact?.genres.some((genre) => filter.genres!.includes(genre))
    })
    .sort((a, b) => b.score - a.score || a.movie - b.movie)
    .slice(0, filter.n)
    .map(({ id }) => id)
}

test('a filtered list is what asking and scoring every movie gives', async (t) => {
  const snapshot = await snapshotOf(t)
  assert.ok(snapshot.index)
  const parts: Partial<Filter>[] = [
    {},
    { excludeRated: false, n: 100 },
    { genres: ['War'] },
    { genres: ['Musical', 'Comedy'], yearFrom: 1990 },
    { yearFrom: 1960, yearTo: 1961 },
    { yearTo: 1950, n: 40 },
    { minRatings: 2 },
    { minRatings: 3, genres: ['Drama'] },
    { genres: ['Western'] },
    { orderBy: 'relevance' },
    { orderBy: 'relevance', genres: ['War'], n: 50 },
    { orderBy: 'relevance', excludeDisliked: true },
    { orderBy: 'relevance', excludeDisliked: true, n: 700, minRatings: 1 },
    { excludeDisliked: true, n: 900 },
    { excludeDisliked: true, excludeRated: false, n: 900 },
  ]
  for (const userId of ['u1', 'u2', 'u77', 'u500', 'nobody'])
    for (const part of parts) {
      const filter = { n: 10, excludeRated: true, orderBy: 'rating' as const, ...part }
      const { items } = recommend(snapshot, await profileOf(snapshot, userId), filter)
      assert.deepEqual(
        items.map(({ movieId }) => movieId),
        oracle(snapshot, userId, filter),
        `${userId}, ${JSON.stringify(part)}`,
      )
    }
})

test('a net has no index of products, and its lists are scored movie by movie', async (t) => {
  const bench = await openStore(t)
  await bench.publish(netModel(), 'v1')
  const { serving } = await serve(t, bench)
  assert.equal(serving.snapshot().index, null)
  const all = { n: 3, excludeRated: false, orderBy: 'rating' } as const
  assert.equal(
    recommend(serving.snapshot(), await profileOf(serving.snapshot(), 'u1'), all).items.length,
    3,
  )
})
