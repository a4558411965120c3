import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import type { Movie } from '../../src/model/data/movie.ts'
import { meanOfRows } from '../../src/model/ranker.ts'
import { openCatalogue } from '../../src/serving/catalogue/catalogue.ts'
import { catalogueTable } from '../../src/serving/catalogue/catalogue-table.ts'
import { recommend } from '../../src/serving/lists/recommend.ts'
import { profileOf } from '../../src/serving/profile.ts'
import type { Snapshot } from '../../src/serving/snapshot.ts'
import { openStore, serve } from '../support/bench.ts'
import { dotBiasModel } from '../support/models.ts'

// More than are put in order anew for diversity, and no multiple of a word of a bit set.
const movieCount = 530
const genres = ['Drama', 'Comedy', 'War', 'Musical']

/** A model whose factors are small whole numbers, so that many movies have one score. */
async function snapshotWithTies(t: TestContext): Promise<Snapshot> {
  const rounded = (seed: number, factors: number) => {
    const model = dotBiasModel({ users: 6, movies: movieCount, factors, seed })
    for (const { data } of [model.userFactors, model.movieFactors])
      for (let i = 0; i < data.length; i++) data[i] = Math.round(data[i]!)
    return { ...model, userBias: null, movieBias: null }
  }
  const { userFactors, movieFactors } = rounded(2, 2)
  const bench = await openStore(t)
  const lines = Array.from({ length: movieCount }, (_, i) =>
    i % 9 === 0 ? '' : `m${i + 1},Movie (${1950 + (i % 70)}),${genres[i % 4]}|${genres[i % 3]}`,
  )
  await bench.importMovies(`movieId,title,genres\n${lines.join('\n')}\n`)
  const ranking = { userFactors, movieFactors, meanUser: meanOfRows(userFactors) }
  await bench.publish({ ...rounded(1, 3), ranking }, 'v1')
  return (await serve(t, bench)).serving.snapshot()
}

/**
 * The items of the pages that follow each other's cursors, none of them empty but an only one. The
 * lengths are asked for in turn, again and again; `most` items there can be.
 */
function walk<Item>(
  lengths: readonly number[],
  most: number,
  pageOf: (
    length: number,
    cursor?: string,
  ) => { items: readonly Item[]; nextCursor: string | null },
): Item[] {
  const walked: Item[] = []
  for (let page = 0, cursor: string | undefined; ; page++) {
    const length = lengths[page % lengths.length]!
    const { items, nextCursor } = pageOf(length, cursor)
    walked.push(...items)
    assert.ok(items.length > 0 || page === 0, 'a page is empty')
    assert.ok(items.length <= length && walked.length <= most, 'a page is too long')
    if (nextCursor === null) return walked
    assert.equal(items.length, length, 'a page that is not the last is full')
    cursor = nextCursor
  }
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const movieIds = fc.array(
  fc.integer({ min: 0, max: movieCount + 5 }).map((i) => `m${i}`),
  { maxLength: 40 },
)
const anyQuestion = fc.record({
  orderBy: fc.constantFrom('rating' as const, 'relevance' as const),
  excludeRated: fc.boolean(),
  excludeDisliked: fc.boolean(),
  excludeMovieIds: maybe(movieIds),
  candidateMovieIds: maybe(movieIds),
  genres: maybe(fc.subarray(genres)),
  yearFrom: maybe(fc.integer({ min: 1_940, max: 1_985 })),
  yearTo: maybe(fc.integer({ min: 1_985, max: 2_030 })),
  minRatings: maybe(fc.integer({ min: 0, max: 3 })),
  diversity: fc.constantFrom(0, 0, 0.3, 1),
})

test('the pages of a list, of any lengths, are the whole list, each movie once and in order', async (t) => {
  const snapshot = await snapshotWithTies(t)
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('u1', 'u2', 'u6', 'nobody'),
      anyQuestion,
      fc.array(fc.integer({ min: 15, max: 400 }), { minLength: 1, maxLength: 5 }),
      async (userId, question, lengths) => {
        const profile = await profileOf(snapshot, userId)
        const whole = recommend(snapshot, profile, { ...question, n: movieCount + 1 })
        assert.equal(whole.nextCursor, null)
        const justFull = { ...question, n: Math.max(1, whole.items.length) }
        assert.equal(recommend(snapshot, profile, justFull).nextCursor, null)
        const walked = walk(lengths, movieCount, (n, cursor) =>
          recommend(snapshot, profile, { ...question, n, cursor }),
        )
        assert.deepEqual(walked, whole.items)
        assert.equal(new Set(whole.items.map(({ movieId }) => movieId)).size, whole.items.length)
        const scores = whole.items.map(({ score }) => score)
        if (question.diversity === 0)
          assert.deepEqual(
            scores.toSorted((a, b) => b - a),
            scores,
          )
      },
    ),
    { numRuns: 60 },
  )
})

/** Titles of few letters, so that many are one when they are compared, with quotes and accents. */
const anyMovie = fc.record({
  movieId: fc.constantFrom(...'123456789abcdefgh', 'é', '"', '🎬'),
  title: fc.array(fc.constantFrom('a', 'A', 'é', 'e', ' ', '"', '界', '🎬'), { maxLength: 3 }),
  genres: fc.subarray(genres),
})
const manyMovies = fc
  .uniqueArray(anyMovie, { selector: ({ movieId }) => movieId, maxLength: 20, size: 'max' })
  .map((movies) =>
    movies.map(({ title, ...rest }): Movie => ({ ...rest, title: title.join(''), year: null })),
  )
const anySearch = fc.record({
  title: fc.constantFrom(undefined, '', 'A', 'e', 'a e'),
  genres: maybe(fc.subarray(genres, { minLength: 1 })),
})
const anyLimits = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 })

test('the pages of a search, of any lengths, are the whole catalogue that it finds, in order', () => {
  fc.assert(
    fc.property(manyMovies, anySearch, anyLimits, (movies, search, limits) => {
      const catalogue = openCatalogue(catalogueTable(movies, 'v'))
      const whole = catalogue.search({ ...search, n: 100 })
      assert.equal(whole.nextCursor, null)
      if (!search.title && !search.genres) assert.equal(whole.items.length, movies.length)
      const walked = walk(limits, movies.length, (limit, cursor) =>
        catalogue.search({ ...search, n: limit, ...(cursor && { cursor }) }),
      )
      assert.deepEqual(walked, whole.items)
    }),
    { numRuns: 300 },
  )
})

test('a search goes on at its place while movies come and go between pages', () => {
  fc.assert(
    fc.property(
      manyMovies,
      fc.infiniteStream(fc.func(fc.boolean())),
      anySearch,
      anyLimits,
      (movies, versions, search, limits) => {
        const everything = openCatalogue(catalogueTable(movies, 'all')).search({
          ...search,
          n: 100,
        }).items
        const alwaysThere = new Set(movies.map(({ movieId }) => movieId))
        const seen: Movie[] = []
        for (let page = 0, cursor: string | null | undefined; cursor !== null; page++) {
          const isThere = versions.next().value!
          const present = movies.filter(({ movieId }) => isThere(movieId))
          for (const movie of movies)
            if (!present.includes(movie)) alwaysThere.delete(movie.movieId)
          const limit = limits[page % limits.length]!
          const asked = { ...search, n: limit, ...(cursor && { cursor }) }
          const { items, nextCursor } = openCatalogue(catalogueTable(present, `v${page}`)).search(
            asked,
          )
          seen.push(...items)
          assert.ok(seen.length <= movies.length, 'a page goes back')
          cursor = nextCursor
        }
        const ids = new Set(seen.map(({ movieId }) => movieId))
        const inOrder = everything.filter(({ movieId }) => ids.has(movieId))
        assert.deepEqual(seen, inOrder, 'each at most once, in order')
        for (const { movieId } of everything)
          if (alwaysThere.has(movieId)) assert.ok(ids.has(movieId))
      },
    ),
    { numRuns: 300 },
  )
})
