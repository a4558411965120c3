import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { generateRatings } from '../../src/cli/generate/generated-ratings.ts'
import { temporaryFolder } from '../storage/bodies.ts'
import { runMarquee } from './run-program.ts'

const capOf = (movies: number) => Math.max(1, Math.floor(movies / 4))

/** Users, movies and a seed with any number of ratings that they can give. */
const sizes = fc
  .record({
    users: fc.integer({ min: 1, max: 60 }),
    movies: fc.integer({ min: 1, max: 90 }),
    seed: fc.nat(),
  })
  .chain((size) =>
    fc
      .integer({ min: size.users, max: size.users * capOf(size.movies) })
      .map((ratings) => ({ ...size, ratings })),
  )

test('exactly as many ratings as asked for, no pair twice, no user without or over a quarter', () => {
  fc.assert(
    fc.property(sizes, (size) => {
      const { userIndex, movieIndex, rating, timestamp } = generateRatings(size).ratings
      for (const column of [userIndex, movieIndex, rating, timestamp])
        assert.equal(column.length, size.ratings)
      const pairs = new Set(
        [...rating.keys()].map((row) => userIndex[row]! * size.movies + movieIndex[row]!),
      )
      assert.equal(pairs.size, size.ratings)
      const counts = new Uint32Array(size.users)
      for (const user of userIndex) counts[user]! += 1
      assert.ok(counts.every((count) => count >= 1 && count <= capOf(size.movies)))
      assert.ok(rating.every((stars) => stars >= 0.5 && stars <= 5 && Number.isInteger(stars * 2)))
    }),
  )
})

test('the same seed gives the same ratings, another seed others', () => {
  fc.assert(
    fc.property(sizes, (size) => assert.deepEqual(generateRatings(size), generateRatings(size))),
    { numRuns: 20 },
  )
  const size = { ratings: 500, users: 20, movies: 200 }
  assert.notDeepEqual(generateRatings({ ...size, seed: 1 }), generateRatings({ ...size, seed: 2 }))
})

test('more ratings than possible, or fewer than users, are refused with what is possible', () => {
  const size = { users: 648, movies: 236, seed: 1 }
  for (const ratings of [100_000, 38_233, 647])
    assert.throws(() => generateRatings({ ...size, ratings }), {
      code: 'invalid-request',
      message: /^\d+ ratings by 648 users of 236 movies: expected 648 to 38232, /,
    })
  for (const ratings of [38_232, 648])
    assert.equal(generateRatings({ ...size, ratings }).ratings.rating.length, ratings)
})

test('marquee generate writes a line for each rating, and fits users and movies to them', async (t) => {
  const file = join(await temporaryFolder(t), 'ratings.csv')
  const told = await runMarquee(['generate', '--out', file, '--ratings', '2000'])
  assert.match(
    told,
    /: 2000 ratings by 13 users of 1231 movies\. RMSE of the planted truth: 0\.\d+\.\n$/,
  )
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
  assert.equal(lines.length, 2_001)
  assert.equal(lines[0], 'userId,movieId,rating,timestamp')
})
