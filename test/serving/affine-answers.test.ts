import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { ownRatings, pickRows, type Ratings } from '../../src/model/data/ratings.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { explain, reasonsFor } from '../../src/serving/explain/explain.ts'
import { recommend } from '../../src/serving/lists/recommend.ts'
import { predict } from '../../src/serving/predict.ts'
import { foldedProfile, type Profile, profileOf } from '../../src/serving/profile.ts'
import { similarMovies, similarUsers } from '../../src/serving/similar/similar.ts'
import type { Snapshot } from '../../src/serving/snapshot.ts'
import { trainModel } from '../../src/training/train.ts'
import { openStore, serve } from '../support/bench.ts'
import { inHalves, inUnit, quickSettings, type Unit, units } from '../training/affine.ts'
import { plantedRatings } from '../training/planted-ratings.ts'

type Algorithm = keyof typeof quickSettings

/** With movies that few rated, which are compared by their rating factors, too. */
function ratingsFor(seed: number): Ratings {
  const all = inHalves(plantedRatings({ users: 40, movies: 30, seed }))
  const isKept = (row: number) => all.movieIndex[row]! < 24 || all.userIndex[row]! < 8
  return pickRows(all, Uint32Array.from(all.rating.keys()).filter(isKept))
}

async function snapshotOf(t: TestContext, ratings: Ratings, algorithm: Algorithm, seed: number) {
  const spec = trainingSpecSchema.parse({ algorithm, seed, ...quickSettings[algorithm] })
  const { model } = await trainModel({ ratings, spec, backend: 'auto' })
  const bench = await openStore(t)
  await bench.publish(model, 'v1')
  return (await serve(t, bench)).serving.snapshot()
}

const page = { n: 30, excludeRated: true, excludeDisliked: true } as const

/** What is said of somebody: the list, why, what is split, and how sure predictions are. */
async function answersFor(snapshot: Snapshot, profile: Profile) {
  const { items } = recommend(snapshot, profile, { ...page, orderBy: 'relevance' })
  const movieIds = items.map(({ movieId }) => movieId)
  const byRelevance = { n: 3, of: 'relevance' } as const
  const reasons = await reasonsFor(snapshot, profile, movieIds, byRelevance)
  const first = movieIds[0]!
  return {
    items,
    reasons,
    ofRelevance: await explain(snapshot, profile, first, byRelevance),
    ofRating: await explain(snapshot, profile, first, { n: 30, of: 'rating' }),
  }
}

type Answers = Awaited<ReturnType<typeof answersFor>>

function assertNear(actual: number, expected: number, within: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= within, `${what}: ${actual} and ${expected}`)
}

function assertSame(plain: Answers, other: Answers, { size, origin }: Unit): void {
  const ids = (items: readonly { movieId: string }[]) => items.map(({ movieId }) => movieId)
  const near = (a: number, b: number, what: string) => {
    assertNear(b, a, 1e-4 * Math.max(1, Math.abs(a)), what)
  }
  const mapped = (a: number, b: number, what: string) => {
    assertNear((b - origin) / size, a, 2e-3, what)
  }
  assert.deepEqual(ids(other.items), ids(plain.items))
  for (const [i, { score, rating }] of plain.items.entries()) {
    near(score, other.items[i]!.score, 'score')
    mapped(rating, other.items[i]!.rating, 'rating')
  }
  assert.deepEqual(other.reasons.map(ids), plain.reasons.map(ids))
  for (const part of ['items', 'against'] as const) {
    const [one, two] = [plain.ofRelevance[part]!, other.ofRelevance[part]!]
    assert.deepEqual(ids(two), ids(one))
    for (const [i, { relevance, rating }] of one.entries()) {
      near(relevance!, two[i]!.relevance!, 'part of the relevance')
      mapped(rating, two[i]!.rating, 'rating given')
    }
  }
  mapped(plain.ofRating.prior, other.ofRating.prior, 'prior of the rating')
  const parts = new Map(other.ofRating.items.map(({ movieId, stars }) => [movieId, stars! / size]))
  for (const { movieId, stars } of plain.ofRating.items)
    assertNear(parts.get(movieId) ?? 0, stars!, 2e-3, 'part of the rating')
}

/** How alike each movie or user is to the first ones, by id. */
async function similarities(snapshot: Snapshot) {
  const { movies, users } = snapshot.model
  const alike: [string, number][] = []
  for (const id of movies.ids) {
    const { items } = await similarMovies(snapshot, id, { n: 100 })
    for (const one of items) alike.push([`${id} ${one.movieId}`, one.similarity])
  }
  for (const id of users.ids.slice(0, 5)) {
    const { items } = await similarUsers(snapshot, id, 100)
    for (const one of items) alike.push([`${id} ${one.userId}`, one.similarity])
  }
  return alike
}

async function compare(plain: Snapshot, other: Snapshot, unit: Unit): Promise<void> {
  const { size, origin } = unit
  const { movies, users } = plain.model
  for (const userId of [...users.ids.slice(0, 5), 'nobody']) {
    const [one, two] = [await profileOf(plain, userId), await profileOf(other, userId)]
    assertSame(await answersFor(plain, one), await answersFor(other, two), unit)
    for (const movieId of movies.ids) {
      const [{ interval: a }, { interval: b }] = [
        await predict(plain, { userId, movieId }, 0.8),
        await predict(other, { userId, movieId }, 0.8),
      ]
      assertNear((b!.lowest - origin) / size, a!.lowest, 0.02, 'lower bound')
      assertNear((b!.highest - origin) / size, a!.highest, 0.02, 'upper bound')
    }
    const own = ownRatings(plain.model, users.indexOf(userId))
    const given = Array.from(own.movieIndex, (movie, i) => ({
      movieId: movies.idOf(movie),
      rating: own.rating[i]!,
    }))
    const inOther = given.map(({ movieId, rating }) => ({
      movieId,
      rating: Math.fround(origin + size * rating),
    }))
    const visitors = [
      await foldedProfile(plain, given),
      await foldedProfile(other, inOther),
    ] as const
    assertSame(await answersFor(plain, visitors[0]), await answersFor(other, visitors[1]), unit)
  }
  const [alike, inOther] = [await similarities(plain), new Map(await similarities(other))]
  assert.equal(alike.length, inOther.size)
  for (const [pair, similarity] of alike)
    assertNear(inOther.get(pair)!, similarity, 1e-4, `similarity of ${pair}`)
}

for (const algorithm of ['dot-bias', 'dot', 'net', 'bayes'] as const)
  test(`of ratings in another unit, ${algorithm} serves the same lists, similar movies and reasons, and intervals in that unit`, async (t) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...units), fc.nat(1_000), async (unit, seed) => {
        const ratings = ratingsFor(seed)
        const plain = await snapshotOf(t, ratings, algorithm, seed)
        const other = await snapshotOf(t, inUnit(ratings, unit), algorithm, seed)
        await compare(plain, other, unit)
      }),
      { numRuns: 3, seed: 2, endOnFailure: true },
    )
  })
