import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  decimalOf,
  likeThreshold,
  type RatingScale,
  ratingScaleOf,
  tameRating,
  visitorScale,
} from '../../src/model/data/rating-scale.ts'

/** So many ratings that go through the values. */
const cycle = (values: readonly number[], length = 400) =>
  Float32Array.from({ length }, (_, i) => values[i % values.length]!)
const stars = cycle([1, 2, 3, 4, 5])

test('the scale reaches from the lowest to the highest rating', () => {
  assert.deepEqual(ratingScaleOf(stars), [1, 5])
  assert.deepEqual(ratingScaleOf(cycle([-10, 0, 3, 10])), [-10, 10])
  assert.deepEqual(ratingScaleOf([3]), [3, 3])
})

test('a few ratings far off do not make the scale, at either end, and are put to its ends', () => {
  assert.deepEqual(ratingScaleOf([...stars, 45]), [1, 5])
  assert.deepEqual(ratingScaleOf([...stars, -45]), [1, 5])
  assert.deepEqual(ratingScaleOf([...cycle([1, 2, 3, 4, 5], 4_000), 45, 4_500, -900]), [1, 5])
  assert.deepEqual(
    [45, -45, 5, 6].map((rating) => tameRating(rating, [1, 5])),
    [5, 1, 5, 6],
  )
})

test('what may well be meant is on the scale: a low one of few values, many far ones, few ratings', () => {
  assert.deepEqual(ratingScaleOf([...cycle([4, 5]), 1]), [1, 5])
  assert.deepEqual(ratingScaleOf([...cycle([4, 4.5, 5]), 0.5]), [0.5, 5])
  assert.deepEqual(ratingScaleOf([...stars, ...cycle([45], 40)]), [1, 45])
  assert.deepEqual(ratingScaleOf([1, 2, 3, 4, 45]), [1, 45])
})

test('a like is a rating from three quarters of the scale on', () => {
  const threshold = (values: readonly number[]) =>
    likeThreshold(cycle(values), ratingScaleOf(cycle(values)))
  assert.equal(threshold([1, 2, 3, 4, 5]), 4)
  assert.equal(threshold([0.5, 4, 5]), 3.875)
  assert.equal(threshold([-10, 0, 5, 10]), 5)
  assert.equal(threshold([3]), 3)
})

test('where few get there, the best quarter of the ratings are likes', () => {
  const plays = Float32Array.from({ length: 100 }, (_, i) => (i < 99 ? i : 10_000))
  assert.equal(likeThreshold(plays, [0, 10_000]), 75)
})

test('scale and likes are of the ratings, whatever their unit', () => {
  const ratings = fc.array(fc.integer({ min: 0, max: 64 }), { minLength: 1, maxLength: 200 })
  const unit = fc.record({
    size: fc.constantFrom(0.25, 0.5, 2, 8),
    origin: fc.integer({ min: -64, max: 64 }),
  })
  fc.assert(
    fc.property(ratings, unit, (given, { size, origin }) => {
      const inUnit = (rating: number) => origin + size * rating
      const [plain, other] = [Float32Array.from(given), Float32Array.from(given, inUnit)]
      const scale = ratingScaleOf(plain)
      assert.deepEqual(ratingScaleOf(other), scale.map(inUnit))
      const liked = (rating: Float32Array) => {
        const threshold = likeThreshold(rating, ratingScaleOf(rating))
        return Array.from(rating, (value) => value >= threshold)
      }
      assert.deepEqual(liked(other), liked(plain))
    }),
  )
})

test('a single is shown as the decimal that was given', () => {
  for (const decimal of [0.1, 0.7, 4.5, -9.281, 13_883, 1e-7, 3.4e38, 0])
    assert.equal(decimalOf(Math.fround(decimal)), decimal)
  assert.deepEqual(ratingScaleOf(Float32Array.of(0.1, 0.3, 0.7)), [0.1, 0.7])
})

test('a rating at the threshold is liked, on any decimal scale', () => {
  for (const step of [0.1, 0.2, 0.3, 0.7, 1, 0.05]) {
    const rating = Float32Array.from([1, 2, 3, 4, 5], (stars) => stars * step)
    assert.ok(rating[3]! >= likeThreshold(rating, ratingScaleOf(rating)), `${step}`)
  }
})

test('a visitor may use a scale of which the ratings show a part only', () => {
  const cases: [seen: RatingScale, allowed: RatingScale][] = [
    [
      [4, 5],
      [1, 5],
    ],
    [
      [1, 3],
      [1, 5],
    ],
    [
      [3, 3],
      [1, 5],
    ],
    [
      [1, 5],
      [1, 5],
    ],
    [
      [0.5, 4],
      [0.5, 4],
    ],
    [
      [0.1, 0.7],
      [0.1, 0.7],
    ],
    [
      [3.5, 5],
      [1, 5],
    ],
    [
      [20, 100],
      [1, 100],
    ],
    [
      [-10, 10],
      [-10, 10],
    ],
    [
      [1, 1],
      [1, 1],
    ],
  ]
  for (const [seen, allowed] of cases) assert.deepEqual(visitorScale(seen), allowed, `${seen}`)
})
