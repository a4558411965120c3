import assert from 'node:assert/strict'
import { test } from 'node:test'
import { movieAttributes } from '../../src/model/data/movie-attributes.ts'
import { userAttributes } from '../../src/model/data/user-attributes.ts'

/** Two users for each list of texts, so that no label is a single user's. */
const inPairs = (...lists: string[][]) =>
  new Map(lists.flatMap((texts, i) => [[`a${i}`, texts] as const, [`b${i}`, texts] as const]))

test('a movie has its genres and its decade, and nothing where nothing is known', () => {
  const attributes = movieAttributes([
    { movieId: '1', title: 'A', year: 1999, genres: ['Drama', 'War'] },
    { movieId: '2', title: 'B', year: 2000, genres: [] },
    { movieId: '3', title: 'C', year: null, genres: [] },
  ])
  assert.deepEqual(Object.fromEntries(attributes), {
    1: ['genre:Drama', 'genre:War', 'decade:1990s'],
    2: ['decade:2000s'],
    3: [],
  })
})

test('ages go into the bands of MovieLens 1M, whose codes are in their own band', () => {
  const ages = [1, 17, 18, 24, 25, 34, 35, 44, 45, 49, 50, 55, 56, 99]
  const attributes = userAttributes(inPairs(...ages.map((age) => [`age:${age}`])))
  assert.deepEqual(
    ages.map((_, i) => attributes.get(`a${i}`)![0]),
    [
      ...['under 18', 'under 18', '18-24', '18-24', '25-34', '25-34', '35-44', '35-44'],
      ...['45-49', '45-49', '50-55', '50-55', '56+', '56+'],
    ].map((band) => `age:${band}`),
  )
})

test('ages that are words stay words', () => {
  const attributes = userAttributes(inPairs(['age:25'], ['age:young']))
  assert.deepEqual(attributes.get('a0'), ['age:25'])
})

test('a column of many numbers is cut into tenths of the users, one of few is a list of codes', () => {
  const incomes = Array.from({ length: 50 }, (_, i) => [`income:${1_000 * i}`, `job:${i % 20}`])
  const attributes = userAttributes(inPairs(...incomes))
  const labels = incomes.map((_, i) => attributes.get(`a${i}`)!)
  assert.deepEqual(labels[7], ['income:from 5000', 'job:7'])
  const sizes = new Map<string, number>()
  for (const [income] of labels) sizes.set(income!, (sizes.get(income!) ?? 0) + 1)
  assert.deepEqual([...sizes.values()], Array(10).fill(5))
})

test('what a single user has is left out', () => {
  const users: [string, string[]][] = [
    ['1', ['mail:a@example.org', 'gender:F']],
    ['2', ['mail:b@example.org', 'gender:F']],
  ]
  assert.deepEqual(Object.fromEntries(userAttributes(new Map(users))), {
    1: ['gender:F'],
    2: ['gender:F'],
  })
})

test('a user may have several labels of a group, and two values of one band are one label', () => {
  const attributes = userAttributes(inPairs(['age:26', 'age:27', 'likes:x:y', 'likes:z']))
  assert.deepEqual(attributes.get('b0'), ['age:25-34', 'likes:x:y', 'likes:z'])
})
