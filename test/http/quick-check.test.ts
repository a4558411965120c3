import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { validatorCompiler } from '../../src/http/in/validation.ts'
import { predictionBodySchema } from '../../src/http/routes/predictions/predictions.ts'
import { ratingBodySchema, ratingParamsSchema } from '../../src/http/routes/ratings/ratings.ts'
import {
  recommendationBodySchema,
  recommendationQuerySchema,
} from '../../src/http/routes/recommendations/recommendations.ts'

const validate = validatorCompiler({
  schema: predictionBodySchema,
  method: 'POST',
  url: '/v1/predictions',
  httpPart: 'body',
}) as (body: unknown) => { value?: unknown; error?: Error }

/** zod copies what it takes, so the body itself comes back from the quick check alone. */
const isQuick = (body: unknown) => body === validate(body).value

const id = fc.oneof(
  fc.string({ minLength: 1, maxLength: 5, unit: 'binary' }),
  fc.constantFrom('a'.repeat(128), '界'.repeat(128), '🎬'.repeat(64)),
)
const pair = fc.record({ userId: id, movieId: id }, { noNullPrototype: true })
const many = <T>(item: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.array(item, { minLength: 1, maxLength: 4 }) },
    { weight: 1, arbitrary: item.map((value) => new Array<T>(1_000).fill(value)) },
  )
const optional = { requiredKeys: ['pairs' as const], noNullPrototype: true }
const plainBody = fc.oneof(
  fc.record({ pairs: many(pair), compact: fc.boolean() }, optional),
  fc.record(
    { userId: id, movieIds: many(id), compact: fc.boolean() },
    { requiredKeys: ['userId', 'movieIds'], noNullPrototype: true },
  ),
)

test('a plain body is taken by the quick check', () => {
  fc.assert(
    fc.property(plainBody, (body) => assert.ok(isQuick(body))),
    { numRuns: 200 },
  )
})

/**
 * Nearly right: each field of any kind that a field may be, or absent, and some that there are not.
 */
const oddId = fc.oneof(
  { weight: 6, arbitrary: id },
  { weight: 2, arbitrary: fc.constantFrom('', 'a'.repeat(129), '🎬'.repeat(65)) },
  { weight: 1, arbitrary: fc.constantFrom(1, null, true, [], {}) },
)
const otherNames = fc.constantFrom('pairs', 'userId', 'rating', '__proto__', 'constructor', '')
const extra = (value: fc.Arbitrary<unknown>) =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.tuple(otherNames, value).map((entry) => Object.fromEntries([entry])),
    },
  )
const anyValue = fc.oneof(fc.jsonValue({ maxDepth: 1 }), id, fc.constantFrom([], {}, null))
const oddPair = fc
  .tuple(fc.record({ userId: oddId, movieId: oddId }, { requiredKeys: [] }), extra(anyValue))
  .map(([pair, more]) => merged(pair, more))
const oddMany = (item: fc.Arbitrary<unknown>) =>
  fc.oneof(
    { weight: 8, arbitrary: many(item) },
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: item.map((value) => new Array(1_001).fill(value)) },
    { weight: 1, arbitrary: anyValue },
  )
const oddFlag = fc.oneof(fc.boolean(), fc.constantFrom(null, 0, 1, 'true', {}))
/** A field that one body in so many has. */
const field = <T>(oneIn: number, value: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: oneIn - 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: value },
  )
const oddBody = fc
  .tuple(
    fc.record({
      pairs: field(
        2,
        oddMany(fc.oneof({ weight: 3, arbitrary: pair }, { weight: 1, arbitrary: oddPair })),
      ),
      userId: field(2, oddId),
      movieIds: field(
        2,
        oddMany(fc.oneof({ weight: 3, arbitrary: id }, { weight: 1, arbitrary: oddId })),
      ),
      compact: field(3, oddFlag),
      ratings: field(9, anyValue),
      interval: field(9, fc.constantFrom(0.9, '0.9', 2)),
    }),
    extra(anyValue),
  )
  .map(([body, more]) => merged(body, more))

/** As JSON would give both, a member of the name "__proto__" included. */
function merged(a: object, b: object): unknown {
  const texts = [a, b]
    .map((part) => JSON.stringify(part).slice(1, -1))
    .filter((text) => text !== '')
  return JSON.parse(`{${texts.join(',')}}`)
}

test('the quick check takes no body that its schema refuses or changes', () => {
  const taken = { quick: 0, slow: 0, refused: 0 }
  fc.assert(
    fc.property(fc.oneof(oddBody, anyValue), (body) => {
      const { success, data } = predictionBodySchema.safeParse(body)
      if (isQuick(body)) assert.deepEqual({ success, data }, { success: true, data: body })
      else assert.equal(success, validate(body).error === undefined)
      taken[!success ? 'refused' : isQuick(body) ? 'quick' : 'slow'] += 1
    }),
    { numRuns: 1_000 },
  )
  for (const [way, count] of Object.entries(taken)) assert.ok(count > 0, `none was ${way}`)
})

const loose = { requiredKeys: [], noNullPrototype: true }

/** Numbers of every kind, and what is none. */
const oddNumber = fc.oneof(
  { weight: 4, arbitrary: fc.double() },
  { weight: 4, arbitrary: fc.integer() },
  {
    weight: 2,
    arbitrary: fc.constantFrom(0, 1, 2 ** 53, Number.POSITIVE_INFINITY, -0, 1.5, Number.NaN),
  },
  { weight: 1, arbitrary: anyValue },
)

for (const { name, schema, bodies } of [
  {
    name: 'of a rating',
    schema: ratingBodySchema,
    bodies: fc.record({ rating: oddNumber, timestamp: oddNumber }, loose),
  },
  {
    name: 'of a rating in the path',
    schema: ratingParamsSchema,
    bodies: fc.record({ userId: oddId, movieId: oddId }, loose),
  },
])
  test(`the quick check ${name} takes nothing that its schema refuses or changes`, () => {
    const compiled = validatorCompiler({ schema, method: 'PUT', url: '/', httpPart: 'body' })
    const validateOne = compiled as (body: unknown) => { value?: unknown; error?: Error }
    const taken = { quick: 0, refused: 0 }
    const bodyOrMore = fc.tuple(bodies, extra(anyValue)).map(([body, more]) => {
      // As it is without more: JSON has no number that is none.
      return Object.keys(more).length === 0 ? body : merged(body, more)
    })
    fc.assert(
      fc.property(bodyOrMore, (body) => {
        const { success, data } = schema.safeParse(body)
        const checked = validateOne(body)
        assert.equal(success, checked.error === undefined)
        if (checked.value === body)
          assert.deepEqual({ success, data }, { success: true, data: body })
        taken[success ? 'quick' : 'refused'] += checked.value === body || !success ? 1 : 0
      }),
      { numRuns: 1_000 },
    )
    for (const [way, count] of Object.entries(taken)) assert.ok(count > 0, `none was ${way}`)
  })

const ownRating = fc.record(
  { movieId: id, rating: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { noNullPrototype: true },
)
const oddOwnRating = fc
  .tuple(fc.record({ movieId: oddId, rating: oddNumber }, loose), extra(anyValue))
  .map(([rating, more]) => (Object.keys(more).length === 0 ? rating : merged(rating, more)))
/** Each parameter of a list with values that it has and has not; texts as a query has them, too. */
const listParameters = {
  n: fc.constantFrom(1, 100, 10, 0, 101, 1.5, '10', '0', '1.5', 'ten', null),
  orderBy: fc.constantFrom('relevance', 'rating', 'title', null, ['rating']),
  excludeRated: fc.constantFrom(true, false, 'true', 'false', 'no', 1, null),
  excludeDisliked: fc.constantFrom(true, false, 'true', 'yes'),
  excludeMovieIds: fc.oneof(fc.array(oddId, { maxLength: 3 }), fc.constantFrom('1,2', '', ',')),
  candidateMovieIds: fc.oneof(fc.array(id, { maxLength: 3 }), fc.constantFrom('1', ['1,2', '3'])),
  genres: fc.oneof(fc.array(fc.string({ maxLength: 3 }), { maxLength: 2 }), fc.constant('Drama')),
  yearFrom: fc.constantFrom(0, 1999, 10_000, -1, '1999', '19 99'),
  minRatings: fc.constantFrom(0, 5, 1e9, 1e10, '5', '-5'),
  diversity: fc.constantFrom(0, 0.5, 1, 1.1, '0.5', '1.1', Number.POSITIVE_INFINITY),
  explain: fc.constantFrom(true, false, 'true', 'maybe'),
  cursor: fc.constantFrom('abc', '', 'a'.repeat(1_024), 'a'.repeat(1_025), 7),
}
const someParameters = fc
  .subarray(Object.keys(listParameters) as (keyof typeof listParameters)[], { maxLength: 3 })
  .chain((names) =>
    fc.record(Object.fromEntries(names.map((name) => [name, listParameters[name]])), {
      noNullPrototype: true,
    }),
  )
const profiles = fc.oneof(
  fc.record({ ratings: many(ownRating) }, { noNullPrototype: true }),
  fc.record(
    {
      userId: oddId,
      ratings: oddMany(
        fc.oneof({ weight: 4, arbitrary: ownRating }, { weight: 1, arbitrary: oddOwnRating }),
      ),
    },
    loose,
  ),
)
const asked = fc
  .tuple(profiles, someParameters, extra(anyValue))
  .map(([profile, parameters, more]) => ({ ...profile, ...parameters, ...more }))

for (const { name, schema, requests } of [
  { name: 'body', schema: recommendationBodySchema, requests: asked },
  { name: 'query', schema: recommendationQuerySchema, requests: someParameters },
])
  test(`the ${name} of a list is read quickly as its schema reads it`, () => {
    const read = validatorCompiler({ schema, method: 'POST', url: '/', httpPart: 'body' })
    const taken = { quick: 0, slow: 0, refused: 0 }
    fc.assert(
      fc.property(fc.oneof({ weight: 20, arbitrary: requests }, anyValue), (request) => {
        const { success, data } = schema.safeParse(request)
        const { value, error } = read(request) as { value?: unknown; error?: Error }
        assert.equal(success, error === undefined)
        if (success) assert.deepEqual(value, data)
        // The ratings themselves, where zod would have copied them.
        const isQuick = success && Object(value).ratings === Object(request).ratings
        taken[!success ? 'refused' : isQuick ? 'quick' : 'slow'] += 1
      }),
      { numRuns: 1_000 },
    )
    assert.ok(taken.quick > 0 && taken.refused > 0, JSON.stringify(taken))
  })
