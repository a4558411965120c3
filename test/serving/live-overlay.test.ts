import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { LiveEvent, NewLiveEvent } from '../../src/live/live-event.ts'
import { unknownEdits } from '../../src/serving/live/edited-catalogue.ts'
import { LiveOverlay } from '../../src/serving/live/live-overlay.ts'
import { movieStatistics } from '../../src/serving/load/movie-statistics.ts'
import { dotBiasModel } from '../support/models.ts'

const model = dotBiasModel()
const statistics = movieStatistics(model)
/** A model of the same data that had the events of an epoch up to one of them. */
function servedWith(live: { epoch: string; seq: number }[] = []) {
  return { model: { ...model }, statistics, card: { data: { version: 'v', live } } }
}

const userId = fc.constantFrom('u1', 'u2', 'u4', 'new1', 'new2')
const movieId = fc.constantFrom('m1', 'm2', 'm3', 'm6', 'x1', 'x2')
const told: fc.Arbitrary<NewLiveEvent> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('rated' as const),
      userId,
      movieId,
      rating: fc.integer({ min: 1, max: 10 }).map((half) => half / 2),
      timestamp: fc.integer({ min: 1, max: 9 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('unrated' as const), userId, movieId }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('user-erased' as const), userId }) },
)
const numbered = (events: readonly NewLiveEvent[]): LiveEvent[] =>
  events.map((event, i) => ({ ...event, epoch: 'e', seq: i + 1, told: i + 1 }))

/** The ratings of everybody as plain maps: those of the model, and over them the events behind `from`. */
function plainly(events: readonly LiveEvent[], from: number) {
  const users = new Map<string, Map<string, number>>()
  const of = (userId: string) => {
    const ratings = users.get(userId) ?? new Map<string, number>()
    users.set(userId, ratings)
    return ratings
  }
  const { offsets, movieIndex, rating } = model.rated
  for (let user = 0; user < model.users.size; user++)
    for (let row = offsets[user]!; row < offsets[user + 1]!; row++)
      of(model.users.idOf(user)).set(model.movies.idOf(movieIndex[row]!), rating[row]!)
  for (const event of events) {
    if (event.seq <= from) continue
    if (event.type === 'rated') of(event.userId).set(event.movieId, event.rating)
    if (event.type === 'unrated') of(event.userId).delete(event.movieId)
    if (event.type === 'user-erased') users.delete(event.userId)
  }
  return users
}

function assertSame({ view }: LiveOverlay, users: Map<string, Map<string, number>>): void {
  for (const userId of ['u1', 'u2', 'u3', 'u4', 'new1', 'new2']) {
    const expected = [...(users.get(userId) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1))
    const known = view!.ratingsOf(userId)
    assert.deepEqual(
      known.map(({ movieId, rating }) => [movieId, rating]),
      expected,
      userId,
    )
    const changes = view!.changesOf(userId)
    if (!changes) continue
    const inModel = expected.filter(([movieId]) => model.movies.indexOf(movieId) >= 0)
    assert.deepEqual(
      [...(changes.now.rating as Float32Array)],
      inModel.map(([, rating]) => rating),
    )
  }
  const all = [...users.values()].flatMap((ratings) => [...ratings])
  const values = (movieId: string) =>
    all.filter(([id]) => id === movieId).map(([, rating]) => rating)
  const mean = (ratings: number[]) => ratings.reduce((sum, one) => sum + one, 0) / ratings.length
  for (const [movie, movieId] of model.movies.ids.entries()) {
    assert.equal(view!.counts.ratings[movie], values(movieId).length, movieId)
    assert.equal(view!.counts.meanOf(movie), mean(values(movieId)), movieId)
  }
  for (const movieId of ['x1', 'x2'])
    assert.deepEqual(view!.ofNewMovie(movieId), {
      ratings: values(movieId).length,
      mean: mean(values(movieId)),
    })
}

test('after any events the overlay knows what plain maps know, also while a model is swapped', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(told, { maxLength: 40 }),
      fc.array(told, { maxLength: 10 }),
      fc.integer({ min: 0, max: 40 }),
      fc.boolean(),
      fc.boolean(),
      async (before, during, known, isEmptied, isEarly) => {
        const overlay = new LiveOverlay()
        const swap = () => {}
        await overlay.serve(servedWith(), swap)
        const events = numbered([...before, ...during])
        const [first, later] = [events.slice(0, before.length), events.slice(before.length)]
        overlay.take(first)
        assertSame(overlay, plainly(first, 0))
        const from = Math.min(known, before.length)
        const swapped = overlay.serve(servedWith([{ epoch: 'e', seq: from }]), swap)
        if (isEmptied) {
          overlay.restart()
          overlay.take(first)
          assertSame(overlay, plainly(first, 0))
          if (isEarly) overlay.caughtUp()
        }
        overlay.take(later)
        await swapped
        if (isEmptied && !isEarly) {
          assertSame(overlay, plainly(first, from))
          overlay.caughtUp()
        }
        assertSame(overlay, plainly(events, from))
        await overlay.serve(servedWith(), swap)
        assertSame(overlay, plainly(events, 0))
      },
    ),
    { numRuns: 150 },
  )
})

test('what a model misses and was left out is asked for again', async () => {
  const overlay = new LiveOverlay()
  let missed = 0
  overlay.onMissing = async () => {
    missed += 1
  }
  const at = (seq: number) => servedWith([{ epoch: 'e', seq }])
  for (const seq of [5, 7, 5]) await overlay.serve(at(seq), () => {})
  assert.equal(missed, 0)
  await overlay.serve(at(4), () => {})
  assert.equal(missed, 1)
  // Begun anew while a still older model is made ready.
  const served = overlay.serve(at(3), () => {})
  overlay.restart()
  await served
  assert.equal(missed, 2)
})

test('what was told is answered from until what is told anew has caught up', async () => {
  const overlay = new LiveOverlay()
  let erased = 0
  overlay.onErased = () => {
    erased += 1
  }
  await overlay.serve(servedWith(), () => {})
  const [first, second] = numbered([
    { type: 'rated', userId: 'new1', movieId: 'm1', rating: 4, timestamp: 1 },
    { type: 'user-erased', userId: 'u1' },
  ])
  overlay.take([first!])
  overlay.restart()
  assert.equal(overlay.view!.ratingsOf('new1').length, 1)
  overlay.take([second!])
  const before = erased
  assert.equal(overlay.view!.ratingsOf('new1').length, 1)
  overlay.caughtUp()
  assert.equal(overlay.view!.ratingsOf('new1').length, 0)
  assert.ok(erased > before && overlay.view!.isErased('u1'))
})

test('what a catalogue has of what was told gives way to the catalogue', () => {
  const movie = { title: 'Told', year: null, genres: [], hidden: false }
  const edits = new Map([
    ['m1', { movie, told: { epoch: 'e', seq: 3 } }],
    ['m2', { movie, told: { epoch: 'e', seq: 4 } }],
  ])
  const told = [{ epoch: 'e', seq: 3 }]
  assert.deepEqual([...unknownEdits({ told }, edits).keys()], ['m2'])
  assert.deepEqual([...unknownEdits({ told: [] }, edits).keys()], ['m1', 'm2'])
})
