import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { foldLive } from '../../src/live/folding/fold.ts'
import { openLive } from '../../src/live/live.ts'
import type { LiveEvent, NewLiveEvent } from '../../src/live/live-event.ts'
import { liveKeys } from '../../src/live/live-keys.ts'
import { liveScripts } from '../../src/live/scripts.ts'
import { giveStoredEvents } from '../../src/live/segment-events.ts'
import { writeEvent } from '../../src/live/stream-entry.ts'
import type { Ratings } from '../../src/model/data/ratings.ts'
import { jobKeys } from '../../src/queue/job-keys.ts'
import { foldForJob } from '../../src/queue/worker/job-live.ts'
import { openCatalogue } from '../../src/serving/catalogue/catalogue.ts'
import { catalogueTable } from '../../src/serving/catalogue/catalogue-table.ts'
import { importMovies } from '../../src/storage/movies/import-movies.ts'
import { loadMovies } from '../../src/storage/movies/load-movies.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { dataVersionOf, loadRatings } from '../../src/storage/ratings/load-ratings.ts'
import { mergeLiveSegments } from '../../src/storage/ratings/told/merge-live.ts'
import { segmentKey, segmentNames, storedNames } from '../../src/storage/segments/segment-names.ts'
import { keptLog, moviesCsv, openStore } from '../support/bench.ts'
import { redisOfFile } from '../support/redis.ts'

const { server, redis } = await redisOfFile()

async function openLog(t: TestContext) {
  const { store } = await openStore(t)
  const prefix = `test-${randomBytes(6).toString('hex')}`
  const keys = liveKeys(prefix)
  const { logger } = keptLog()
  const scripts = liveScripts(redis, keys)
  return {
    ...{ store, prefix, keys, logger },
    tell: (...events: NewLiveEvent[]) => scripts.append(events.map(writeEvent)),
    fold: () => foldLive({ redis, keys, store, logger }),
    importCsv: (lines: string) =>
      importRatings(
        store,
        Readable.from([Buffer.from(`userId,movieId,rating,timestamp\n${lines}`)]),
      ),
    pairs: async () => pairsOf((await loadRatings(store)).ratings),
  }
}

function pairsOf(ratings: Ratings): Record<string, number> {
  const pairs = Array.from(ratings.rating, (rating, row) => {
    const user = ratings.users.idOf(ratings.userIndex[row]!)
    return [`${user} ${ratings.movies.idOf(ratings.movieIndex[row]!)}`, rating] as const
  })
  assert.equal(new Set(pairs.map(([pair]) => pair)).size, pairs.length, 'each pair is there once')
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)))
}

const rated = (
  userId: string,
  movieId: string,
  rating: number,
  timestamp = 1_000,
): NewLiveEvent => {
  return { type: 'rated', userId, movieId, rating, timestamp }
}
const unrated = (userId: string, movieId: string): NewLiveEvent => {
  return { type: 'unrated', userId, movieId }
}
const erased = (userId: string): NewLiveEvent => ({ type: 'user-erased', userId })

test('folded events stand in place of what was imported before, whatever time they name', async (t) => {
  const log = await openLog(t)
  await log.importCsv('a,x,1,5000\na,y,2,5000\nb,x,3,5000\nc,z,4,5000\n')
  await log.tell(rated('a', 'x', 5), unrated('a', 'y'), erased('b'), rated('d', 'new', 4.5))
  assert.deepEqual(await log.pairs(), { 'a x': 1, 'a y': 2, 'b x': 3, 'c z': 4 })
  const [mark] = await log.fold()
  assert.equal(mark?.seq, 4)
  assert.equal(await redis.xlen(log.keys.events), 0)
  assert.deepEqual(await log.pairs(), { 'a x': 5, 'c z': 4, 'd new': 4.5 })
  const { ratings, live } = await loadRatings(log.store)
  assert.deepEqual(live, [mark])
  assert.deepEqual([...ratings.users.ids, ...ratings.movies.ids].sort(), [
    'a',
    'c',
    'd',
    'new',
    'x',
    'z',
  ])
})

test('what is imported after an event counts where it is later, or has no time', async (t) => {
  const log = await openLog(t)
  await log.tell(rated('a', 'x', 5), rated('a', 'y', 5), unrated('a', 'z'), erased('b'))
  await log.fold()
  const later = Math.floor(Date.now() / 1_000) + 3_600
  // Erasures are compared with when a file was stored, to the second.
  while (Math.floor(Date.now() / 1_000) <= Number(await redis.hget(log.keys.state, 'time')) / 1_000)
    await new Promise((resolve) => setTimeout(resolve, 50))
  await log.importCsv(`a,x,1,5000\na,y,2,${later}\na,z,3,5000\nb,x,4,5000\n`)
  assert.deepEqual(await log.pairs(), { 'a x': 5, 'a y': 2, 'b x': 4 })
})

test('a fold that was killed before it could trim is finished by the next, with nothing twice', async (t) => {
  const log = await openLog(t)
  await log.tell(rated('a', 'x', 1), rated('a', 'y', 2))
  await redis.copy(log.keys.events, `${log.keys.events}-kept`)
  await log.fold()
  // As it was before the trim.
  await redis.rename(`${log.keys.events}-kept`, log.keys.events)
  await log.tell(rated('a', 'x', 3))
  const [mark] = await log.fold()
  assert.equal(mark?.seq, 3)
  assert.equal(await redis.xlen(log.keys.events), 0)
  assert.deepEqual(await log.pairs(), { 'a x': 3, 'a y': 2 })
  const [one, two] = await segmentNames(log.store, 'ratings')
  assert.match(one!, /-0*2-live-\w+-1$/)
  assert.match(two!, /-0*3-live-\w+-3$/)
})

test('folds at once leave every event once', async (t) => {
  const log = await openLog(t)
  let told = 0
  const telling = (async () => {
    for (; told < 60; told++) await log.tell(rated(`u${told}`, 'x', 1), rated(`u${told}`, 'y', 2))
  })()
  while (told < 60) await Promise.all([log.fold(), log.fold(), log.fold()])
  await telling
  await log.fold()
  assert.equal(Object.keys(await log.pairs()).length, 120)
  await mergeLiveSegments(log.store)
  assert.equal(Object.keys(await log.pairs()).length, 120)
  assert.deepEqual(
    await storedNames(log.store, 'ratings'),
    await segmentNames(log.store, 'ratings'),
  )
})

test('movies that were told are of the store once they are folded: changed, hidden and gone', async (t) => {
  const log = await openLog(t)
  const changed = (movieId: string, title: string | null, hidden = false): NewLiveEvent => {
    const movie = title === null ? null : { title, year: 1999, genres: ['Drama'], hidden }
    return { type: 'movie-changed', movieId, movie }
  }
  await importMovies(log.store, Readable.from([Buffer.from(moviesCsv)]))
  const { movies: before } = await loadMovies(log.store)
  await log.tell(changed('m1', 'First'), changed('m1', 'Second', true), changed('m2', null))
  await log.tell(changed('n1', 'New'))
  await log.fold()
  const { movies } = await loadMovies(log.store)
  assert.equal(movies.length, before.length)
  assert.deepEqual(
    movies.find(({ movieId }) => movieId === 'm1'),
    { movieId: 'm1', title: 'Second', year: 1999, genres: ['Drama'], isHidden: true },
  )
  assert.deepEqual(
    movies.find(({ movieId }) => movieId === 'm2'),
    undefined,
  )
  assert.equal(movies.find(({ movieId }) => movieId === 'n1')?.title, 'New')
  const catalogue = openCatalogue(catalogueTable(movies, 'v'))
  const { items } = catalogue.search({ title: 'second', n: 9 })
  assert.deepEqual(
    [items.length, catalogue.isHidden('m1'), catalogue.isHidden('n1')],
    [0, true, false],
  )
})

test('small segments are put together, which changes neither data nor their version', async (t) => {
  const log = await openLog(t)
  for (let i = 0; i < 17; i++) {
    await log.tell(rated('a', `m${i % 5}`, i), unrated('a', `m${(i + 1) % 5}`))
    await log.fold()
  }
  const before = { pairs: await log.pairs(), version: await dataVersionOf(log.store) }
  const marks = (await loadRatings(log.store)).live
  const half = [{ epoch: marks[0]!.epoch, seq: 13 }]
  const upToHalf = await loadRatings(log.store, half)
  await mergeLiveSegments(log.store)
  const names = await storedNames(log.store, 'ratings')
  assert.equal(names.length, 3)
  assert.deepEqual({ pairs: await log.pairs(), version: await dataVersionOf(log.store) }, before)
  assert.deepEqual((await loadRatings(log.store)).live, marks)
  const again = await loadRatings(log.store, half)
  assert.equal(again.dataVersion, upToHalf.dataVersion)
  // One that holds others hides them until they are removed.
  const [name] = names
  const inside = name!.replace(/-0*16-live-(\w+)-1$/, '-0000000000000004-live-$1-3')
  await log.store.put(segmentKey('ratings', inside), [Buffer.from('not even readable')])
  assert.deepEqual(await segmentNames(log.store, 'ratings'), names)
  await mergeLiveSegments(log.store)
  assert.deepEqual(await storedNames(log.store, 'ratings'), names)
})

test('a damaged segment of live events is put together with no other, and the rest is', async (t) => {
  const log = await openLog(t)
  for (let i = 0; i < 18; i++) {
    await log.tell(rated('a', `m${i}`, i))
    await log.fold()
  }
  const names = await storedNames(log.store, 'ratings')
  const key = segmentKey('ratings', names[8]!)
  await log.store.put(key, [Buffer.from('not even readable')])
  const marks = (await loadRatings(log.store)).live
  await mergeLiveSegments(log.store)
  const { ratings, damaged, live } = await loadRatings(log.store)
  assert.deepEqual([ratings.rating.length, damaged.map((one) => one.key)], [17, [key]])
  assert.deepEqual(live, marks)
  assert.ok((await storedNames(log.store, 'ratings')).length < 18, 'those beside it are')
  const events: LiveEvent[] = []
  const to = await giveStoredEvents(log.store, [], (some) => void events.push(...some))
  assert.deepEqual([events.length, to], [17, marks])
})

test('folds of trainings put small segments together, too', async (t) => {
  const { store, prefix, logger, ...log } = await openLog(t)
  for (let job = 0; job < 8; job++) {
    await log.tell(rated('a', 'x', job))
    await foldForJob(jobKeys(prefix, `${job}`), { redis, keys: log.keys, store, logger })
  }
  assert.equal((await storedNames(store, 'ratings')).length, 1)
  assert.deepEqual(await log.pairs(), { 'a x': 7 })
})

test('whatever is told, folded, put together and read, each pair has what was told last', async (t) => {
  const user = fc.constantFrom('a', 'b', 'c')
  const movie = fc.constantFrom('x', 'y', 'z')
  const step = fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .tuple(user, movie, fc.integer({ min: 1, max: 9 }))
        .map((args) => rated(...args)),
    },
    { weight: 3, arbitrary: fc.tuple(user, movie).map((args) => unrated(...args)) },
    { weight: 1, arbitrary: user.map(erased) },
    { weight: 3, arbitrary: fc.constant('fold' as const) },
    { weight: 1, arbitrary: fc.constant('merge' as const) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const log = await openLog(t)
      const expected = new Map<string, number>()
      for (const what of [...steps, 'fold', 'merge'] as const)
        if (what === 'fold') await log.fold()
        else if (what === 'merge') await mergeLiveSegments(log.store)
        else {
          await log.tell(what)
          apply(expected, what)
        }
      assert.deepEqual(
        await log.pairs(),
        Object.fromEntries([...expected].sort(([a], [b]) => (a < b ? -1 : 1))),
      )
      assert.deepEqual(await followed(log), await log.pairs())
    }),
    { numRuns: 25 },
  )
})

function apply(pairs: Map<string, number>, event: NewLiveEvent): void {
  if (event.type === 'rated') pairs.set(`${event.userId} ${event.movieId}`, event.rating)
  else if (event.type === 'unrated') pairs.delete(`${event.userId} ${event.movieId}`)
  else if (event.type === 'user-erased')
    for (const pair of [...pairs.keys()])
      if (pair.startsWith(`${event.userId} `)) pairs.delete(pair)
}

/** What a listener makes of the segments. */
async function followed({ store, prefix, logger }: Awaited<ReturnType<typeof openLog>>) {
  const pairs = new Map<string, number>()
  const listener = {
    restart: () => pairs.clear(),
    take: (events: readonly LiveEvent[]) => {
      for (const event of events) apply(pairs, event)
    },
    stored: async () => {},
    caughtUp() {},
  }
  const options = { redisUrl: server.url, prefix, store, listener, lacking: () => [], logger }
  await (await openLive(options)).close()
  return Object.fromEntries([...pairs].sort(([a], [b]) => (a < b ? -1 : 1)))
}
