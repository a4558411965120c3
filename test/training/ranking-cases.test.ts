import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Vocabulary } from '../../src/model/data/vocabulary.ts'
import { membersOf } from '../../src/numeric/search/sorted-rows.ts'
import { rankingCases } from '../../src/training/evaluation/ranking-cases.ts'
import { ratingsOf } from './planted-ratings.ts'

// The model has other indices than the files: u1, u0 and m2, m0, m1.
const model = {
  users: new Vocabulary(['u1', 'u0']),
  movies: new Vocabulary(['m2', 'm0', 'm1']),
  likedFrom: 4,
}
const train = ratingsOf([
  [0, 0, 5],
  [0, 1, 2],
  [1, 2, 4],
])
const held = ratingsOf([
  [0, 2, 4],
  [0, 3, 4.5],
  [0, 4, 5],
  [1, 0, 3.5],
  [2, 0, 4],
])

test('a case for each user with a movie rated 4 or more, in the indices of the model', () => {
  const cases = rankingCases(model, train, held, 'unliked')
  assert.deepEqual([...cases.user], [1, -1])
  assert.deepEqual([...membersOf(cases.relevant, 0)].slice(-1), [0])
  assert.deepEqual([...membersOf(cases.relevant, 1)], [1])
})

test('liked movies that the model does not know count, each as one that no list can show', () => {
  const { relevant } = rankingCases(model, train, held, 'unliked')
  const movies = membersOf(relevant, 0)
  assert.deepEqual([movies.length, new Set(movies).size], [3, 3])
  assert.equal(movies.filter((movie) => movie < 0).length, 2)
})

test('a list leaves out what was liked in training, or all that was rated, or nothing for the unseen', () => {
  const seenWith = (rule: 'unliked' | 'unrated') => {
    const { seen } = rankingCases(model, train, held, rule)
    return [0, 1].map((user) => [...membersOf(seen, user)])
  }
  assert.deepEqual(seenWith('unliked'), [[1], []])
  assert.deepEqual(seenWith('unrated'), [[1, 2], []])
})
