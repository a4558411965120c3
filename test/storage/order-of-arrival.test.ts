import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Ratings } from '../../src/model/data/ratings.ts'
import { type RatingsSegment, ratingsOf } from '../../src/storage/ratings/load-ratings.ts'
import { RatingColumns } from '../../src/storage/ratings/rating-columns.ts'
import { encodeRatings } from '../../src/storage/ratings/ratings-segment.ts'
import { addStored, LiveRatingsBuilder } from '../../src/storage/ratings/told/live-ratings.ts'
import { liveNameOf, segmentKey } from '../../src/storage/segments/segment-names.ts'

/** What comes in a second; a rating null takes one back. */
type Step =
  | { readonly imported: readonly (readonly [string, string, number, number])[] }
  | { readonly told: readonly [string, string, number | null] }
  | { readonly erased: string }

const seconds = 1_000_000

function segmentOf(name: string, parts: readonly Uint8Array[]): RatingsSegment {
  return { key: segmentKey('ratings', name), bytes: new Uint8Array(Buffer.concat(parts)) }
}

/** The ratings where events are folded after those of these numbers, and some folds put together. */
function foldedAt(steps: readonly Step[], cuts: ReadonlySet<number>, joined: ReadonlySet<number>) {
  const segments: RatingsSegment[] = []
  let fold = new LiveRatingsBuilder()
  let group = new LiveRatingsBuilder()
  let [first, groupFirst, seq] = [1, 1, 0]
  const events = steps.filter((step) => !('imported' in step)).length
  for (const [i, step] of steps.entries()) {
    const time = seconds + i
    if ('imported' in step) {
      const columns = new RatingColumns()
      for (const row of step.imported) columns.add(...row)
      const name = `${String(time * 1_000).padStart(13, '0')}-0123456789abcdef`
      segments.push(segmentOf(name, encodeRatings(columns.build())))
      continue
    }
    seq += 1
    const at = { told: time, timestamp: 7, offset: seq - first }
    if ('erased' in step) fold.erase(step.erased, time, at.offset)
    else fold.rate(step.told[0], step.told[1], { ...at, rating: step.told[2] ?? Number.NaN })
    if (seq < events && !cuts.has(seq)) continue
    addStored(group, fold.build(), first - groupFirst)
    fold = new LiveRatingsBuilder()
    first = seq + 1
    if (seq < events && joined.has(seq)) continue
    const name = liveNameOf({ epoch: 'abc', from: groupFirst, to: seq }, time * 1_000)
    segments.push(segmentOf(name, encodeRatings(group.build())))
    group = new LiveRatingsBuilder()
    groupFirst = first
  }
  segments.sort((a, b) => (a.key < b.key ? -1 : 1))
  return plain(ratingsOf(segments, null))
}

function plain({ users, movies, ...columns }: Ratings) {
  return { users: users.ids, movies: movies.ids, ...columns }
}

const user = fc.constantFrom('a', 'b', 'c')
const movie = fc.constantFrom('x', 'y', 'z')
const rating = fc.integer({ min: 1, max: 9 })
const time = fc.constantFrom(0, 0, 5, seconds + 4, seconds + 9)
const imported = fc.array(fc.tuple(user, movie, rating, time), { maxLength: 4 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ imported }) },
  { weight: 6, arbitrary: fc.record({ told: fc.tuple(user, movie, fc.option(rating)) }) },
  { weight: 1, arbitrary: fc.record({ erased: user }) },
)
const numbers = fc.array(fc.integer({ min: 1, max: 20 })).map((chosen) => new Set(chosen))

test('when events are folded, and what is put together, changes no rating nor their order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), numbers, numbers, (steps, cuts, joined) => {
      const each = new Set(steps.keys())
      assert.deepEqual(foldedAt(steps, cuts, joined), foldedAt(steps, each, new Set()))
    }),
    { numRuns: 500 },
  )
})

test('a file without times counts over what was told before it, though folded or joined later', () => {
  const file: Step = { imported: [['a', 'x', 5, 0]] }
  const others = Array.from({ length: 3 }, (_, i): Step => ({ told: [`u${i}`, 'y', 3] }))
  for (const told of [2, null]) {
    const steps: Step[] = [{ told: ['a', 'x', told] }, file, ...others]
    for (const joined of [new Set<number>(), new Set([1, 2, 3])]) {
      const { users, rating } = foldedAt(steps, new Set([1, 2, 3]), joined)
      assert.equal(rating[users.indexOf('a')], 5)
    }
  }
})

test('an erasure alone leaves no id of the user', () => {
  const file: Step = {
    imported: [
      ['a', 'x', 5, 0],
      ['b', 'y', 4, 0],
    ],
  }
  const { users, movies } = foldedAt([file, { erased: 'a' }], new Set(), new Set())
  assert.deepEqual([users, movies], [['b'], ['y']])
})
