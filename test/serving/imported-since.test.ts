import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { LiveEvent } from '../../src/live/live-event.ts'
import type { Ratings } from '../../src/model/data/ratings.ts'
import { VocabularyBuilder } from '../../src/model/data/vocabulary.ts'
import { importPosition } from '../../src/serving/live/import-positions.ts'
import { LiveOverlay } from '../../src/serving/live/live-overlay.ts'
import { movieStatistics } from '../../src/serving/load/movie-statistics.ts'
import { ratingsOf } from '../../src/storage/ratings/load-ratings.ts'
import { encodeRatings } from '../../src/storage/ratings/ratings-segment.ts'
import { LiveRatingsBuilder } from '../../src/storage/ratings/told/live-ratings.ts'
import { liveNameOf, segmentKey } from '../../src/storage/segments/segment-names.ts'
import { openApp } from '../support/app.ts'
import { dotBiasModel } from '../support/models.ts'

const model = dotBiasModel()
const served = { model, statistics: movieStatistics(model), card: { data: { version: 'v' } } }
/** The first second of the test's times. */
const start = 1_700_000_000

const user = fc.constantFrom('new1', 'new2')
const movie = fc.constantFrom('m1', 'm2', 'x1')
const value = fc.integer({ min: 1, max: 5 })
const second = fc.integer({ min: 0, max: 8 }).map((s) => start + s)
const row = fc.record({ user, movie, value, time: second })
type Row = { user: string; movie: string; value: number; time: number }

const told = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ type: fc.constantFrom('rated', 'unrated'), user, movie, value }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('user-erased'), user }) },
  ),
  { maxLength: 12 },
)

function eventsOf(parts: readonly object[], times: readonly number[]): LiveEvent[] {
  const sorted = times.toSorted((a, b) => a - b)
  return parts.map((part, i) => {
    const { type, user: userId, movie: movieId, value: rating } = part as Record<string, unknown>
    const at = { epoch: 'e', seq: i + 1, told: sorted[i]!, timestamp: sorted[i]! }
    return { ...at, type, userId, movieId, rating } as LiveEvent
  })
}

function ratingsOfRows(rows: readonly Row[]): Ratings {
  const [users, movies] = [new VocabularyBuilder(), new VocabularyBuilder()]
  return {
    userIndex: Uint32Array.from(rows, (one) => users.add(one.user)),
    movieIndex: Uint32Array.from(rows, (one) => movies.add(one.movie)),
    rating: Float32Array.from(rows, (one) => one.value),
    timestamp: Uint32Array.from(rows, (one) => one.time),
    users: users.build(),
    movies: movies.build(),
  }
}

/** The ratings as a training that begins now would load them. */
function asLoaded(events: readonly LiveEvent[], imports: readonly { name: string; rows: Row[] }[]) {
  const folded = new LiveRatingsBuilder()
  for (const event of events) {
    const offset = event.seq - 1
    if (event.type === 'user-erased') folded.erase(event.userId, event.told, offset)
    else if (event.type === 'rated') folded.rate(event.userId, event.movieId, { ...event, offset })
    else if (event.type === 'unrated')
      folded.rate(event.userId, event.movieId, {
        ...{ rating: Number.NaN, timestamp: event.told, told: event.told, offset },
      })
  }
  const segments = imports.map(({ name, rows }) => ({ name, ratings: ratingsOfRows(rows) }))
  const last = events.at(-1)
  if (last) {
    const name = liveNameOf({ epoch: 'e', from: 1, to: last.seq }, last.told * 1_000)
    segments.push({ name, ratings: folded.build() })
  }
  segments.sort((a, b) => (a.name < b.name ? -1 : 1))
  const { users, movies, userIndex, movieIndex, rating } = ratingsOf(
    segments.map(({ name, ratings }) => ({
      key: segmentKey('ratings', name),
      bytes: new Uint8Array(Buffer.concat(encodeRatings(ratings))),
    })),
    null,
  )
  return Array.from(rating, (one, i) =>
    [users.idOf(userIndex[i]!), movies.idOf(movieIndex[i]!), one].join(' '),
  ).sort()
}

const nameAt = (time: number, i: number) => `${time}${i}00-${'0'.repeat(16)}`

test('imports and events in any order leave the ratings that a training would load', async () => {
  await fc.assert(
    fc.asyncProperty(
      told,
      fc.array(second, { minLength: 12, maxLength: 12 }),
      fc.array(fc.record({ stored: second, rows: fc.array(row, { maxLength: 6 }) }), {
        maxLength: 4,
      }),
      fc.infiniteStream(fc.nat()),
      fc.boolean(),
      async (parts, times, drawn, draw, isTimed) => {
        const events = eventsOf(parts, times)
        const imports = drawn
          .toSorted((a, b) => a.stored - b.stored)
          .map(({ stored, rows }, i) => ({
            name: nameAt(stored, i),
            stored,
            rows: rows.map((one) => ({ ...one, time: isTimed ? Math.min(one.time, stored) : 0 })),
          }))
        const overlay = new LiveOverlay()
        await overlay.serve(served, () => {})
        const next = { event: 0, import: 0 }
        while (next.event < events.length || next.import < imports.length) {
          const event = events[next.event]
          const one = imports[next.import]
          const isInOrder = event !== undefined && event.told < (one?.stored ?? Infinity)
          // Without times, what counts depends on what was known when it arrived; and of two imports
          // before and after an erasure, the second is kept only where it comes after that.
          const isEventNext =
            isTimed && !events.some(({ type }) => type === 'user-erased')
              ? draw.next().value! % 2 === 0
              : isInOrder
          if (event && (isEventNext || !one)) {
            overlay.take([event])
            next.event += 1
          } else if (one) {
            const ratings = ratingsOfRows(one.rows)
            for (const state of overlay.takersOfImports(false))
              state.takeImport(ratings, { from: 0, to: one.rows.length }, importPosition(one.name))
            next.import += 1
          }
        }
        const known = ['new1', 'new2'].flatMap((userId) =>
          overlay
            .view!.ratingsOf(userId)
            .map(({ movieId, rating }) => [userId, movieId, rating].join(' ')),
        )
        assert.deepEqual(known.sort(), asLoaded(events, imports))
      },
    ),
    { numRuns: 200 },
  )
})

test('an import counts in all answers at once, and no more once it is taken back', async (t) => {
  const { call, publish, serving, importMovies } = await openApp(t)
  await publish(dotBiasModel(), 'v1')
  await importMovies()
  await serving.refresh()
  const list = async () => {
    const { body, headers } = await call('GET /v1/users/u1/recommendations?n=100')
    return {
      tag: headers.etag,
      basis: body.basis,
      ids: body.items.map(({ movieId }: { movieId: string }) => movieId),
    }
  }
  const before = { list: await list(), movie: (await call('GET /v1/movies/m2')).body }
  const first = before.list.ids[0]
  const payload = `userId,movieId,rating\nu1,${first},4\nsomebody,m2,1\nsomebody,brand-new,5\n`
  const { body } = await call('POST /v1/ratings/import', { payload })

  const after = await list()
  assert.ok(!after.ids.includes(first) && after.tag !== before.list.tag)
  assert.equal(after.basis, 'folded-in')
  assert.equal((await call('GET /v1/users/somebody/recommendations')).body.basis, 'folded-in')
  const movie = (await call('GET /v1/movies/m2')).body
  assert.equal(movie.ratings, before.movie.ratings + 1)
  assert.ok(movie.meanRating < before.movie.meanRating)
  assert.deepEqual((await call('GET /v1/movies/brand-new')).body.ratings, 1)

  assert.equal((await call(`DELETE /v1/imports/${body.segment}`)).status, 200)
  assert.deepEqual(await list(), before.list)
  assert.deepEqual((await call('GET /v1/movies/m2')).body, before.movie)
  assert.equal((await call('GET /v1/movies/brand-new')).body.code, 'unknown-movie')
})
