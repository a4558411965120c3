import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { validatorCompiler } from '../../src/http/in/validation.ts'
import { predictionBodySchema } from '../../src/http/routes/predictions/predictions.ts'
import { ratingBodySchema, ratingParamsSchema } from '../../src/http/routes/ratings/ratings.ts'

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
