import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { kindOf } from '../../src/console/pages/data/preview.ts'
import { significant } from '../../src/console/text.ts'

test('integers are shown as they are, other numbers to some digits', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 9 }), (value, digits) => {
      assert.equal(significant(value, digits), String(value))
    }),
  )
  assert.equal(significant(0.73124321), '0.731243')
  assert.equal(significant(0.00002), '2e-5')
})

test('what a file is follows from its name, ratings before whose they are or of what', () => {
  const kinds = {
    'ml-100k.zip': 'archive',
    'user_ratings.csv': 'ratings',
    'movie-ratings.csv': 'ratings',
    'movies.csv': 'movies',
    'u.item': 'movies',
    'users.dat': 'users',
    'u.data': 'ratings',
  }
  for (const [name, kind] of Object.entries(kinds)) assert.equal(kindOf(name), kind, name)
})
