import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { recommendationsSchema } from '../../src/http/out/list-answer.ts'
import { listText } from '../../src/http/out/list-text.ts'
import { serializerCompiler } from '../../src/http/out/serialisation.ts'

/** The serialiser that is generated from the same schema. */
const generated = serializerCompiler({
  schema: z.object(recommendationsSchema.shape),
  ...{ method: 'GET', url: '/x', httpStatus: '200' },
})

const text = fc.string({ unit: 'binary', maxLength: 60 })
/** Mostly alike, so that what was listed before differs in one member. */
const titleOf = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('A', 'B', null) },
  { weight: 1, arbitrary: text },
)
const number = fc.double({ noNaN: true, noDefaultInfinity: true })
const genres = fc.array(text, { maxLength: 3 })
const movie = fc.record({
  movieId: fc.oneof(fc.constantFrom('1', '2'), text),
  ...{ title: titleOf, displayTitle: titleOf, year: fc.constantFrom(1999, 2000, null) },
})
const ofUser = fc.record({ rating: number, score: number, ratings: fc.nat() })
const list = fc.record(
  {
    model: text,
    experiment: fc.record({ name: text, arm: fc.constantFrom('control', 'treatment') }),
    userId: text,
    basis: fc.constantFrom('trained', 'folded-in'),
    orderBy: fc.constantFrom('relevance', 'rating'),
    nextCursor: fc.option(text),
    unknownMovieIds: fc.array(text, { maxLength: 3 }),
  },
  { requiredKeys: ['model', 'basis', 'orderBy', 'nextCursor', 'unknownMovieIds'] },
)

test('a list is written as by the serialiser of its schema, whatever was listed before', () => {
  // Few genres for many movies: an array that two movies, or two titles of one, share.
  const shared = fc.array(genres, { minLength: 2, maxLength: 4 })
  const items = shared.chain((all) =>
    fc.array(
      fc
        .tuple(movie, fc.constantFrom(...all), ofUser)
        .map(([one, ofMovie, user]) => ({ ...one, genres: ofMovie, ...user })),
      { maxLength: 6 },
    ),
  )
  fc.assert(
    fc.property(list, items, items, (members, one, other) => {
      for (const movies of [one, other, [...one, ...other, ...one]]) {
        const answer = { ...members, items: movies } as unknown as Parameters<typeof listText>[0]
        assert.equal(listText(answer), generated(answer))
      }
    }),
  )
})

test('a list with reasons is left to the serialiser', () => {
  const [answer] = fc.sample(list, 1)
  const [item] = fc.sample(movie, 1)
  const of = { genres: [], rating: 1, score: 1, ratings: 1, because: [] }
  assert.equal(listText({ ...answer, items: [{ ...item, ...of }] } as never), undefined)
})

test('a number that JSON has not is left to the serialiser', () => {
  const [answer] = fc.sample(list, 1)
  const [item] = fc.sample(movie, 1)
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY])
    for (const name of ['rating', 'score']) {
      const of = { genres: [], rating: 1, score: 1, ratings: 1, [name]: wrong }
      assert.equal(listText({ ...answer, items: [{ ...item, ...of }] } as never), undefined)
    }
})
