import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ratings } from '../../src/model/data/ratings.ts'
import { Vocabulary } from '../../src/model/data/vocabulary.ts'
import { measureSimilar, similarCases } from '../../src/training/evaluation/similar/figures.ts'
import { coLikeCosine, easeColumns, likesOf } from '../../src/training/evaluation/similar/lists.ts'
import { seriesGroups, seriesOf } from '../../src/training/evaluation/similar/series.ts'

const users = new Vocabulary(['u0', 'u1', 'u2'])
const movies = new Vocabulary(['m0', 'm1', 'm2', 'm3', 'm4'])
const ratings = (rows: readonly (readonly [number, number, number])[]): Ratings => ({
  ...{ users, movies, timestamp: new Uint32Array(rows.length) },
  userIndex: Uint32Array.from(rows, ([user]) => user),
  movieIndex: Uint32Array.from(rows, ([, movie]) => movie),
  rating: Float32Array.from(rows, ([, , rating]) => rating),
})
const model = { users, movies, likedFrom: 4 }
const close = (actual: number | null, expected: number) =>
  assert.ok(Math.abs(actual! - expected) < 1e-6, `${actual} is ${expected}`)

test('titles of a series have one name, and others none', () => {
  for (const title of ['Star Wars: Episode IV - A New Hope', 'Star Wars', 'Star Wars (a.k.a. X)'])
    assert.equal(seriesOf(title), 'star wars')
  for (const title of ['Toy Story', 'Toy Story 2', 'Toy Story III'])
    assert.equal(seriesOf(title), 'toy story')
  for (const title of [
    'Godfather, The',
    'The Godfather',
    'Godfather: Part II, The',
    'Godfather Part 3',
  ])
    assert.equal(seriesOf(title), 'godfather')
  assert.equal(seriesOf('Se7en'), 'se7en')
  assert.equal(seriesOf('Apollo 13'), 'apollo')
  assert.equal(seriesOf('2001: A Space Odyssey'), '2001')
  const titles = new Map([
    ['m0', 'Alien'],
    ['m1', 'Aliens'],
    ['m2', 'Alien 3'],
    ['m3', 'Alien 4'],
  ])
  assert.deepEqual(seriesGroups(movies, titles, [10, 10, 10, 9, 10]), [[0, 2]])
})

test('each held-out like asks for the list of one movie that its user liked in training', () => {
  const train = ratings([
    [0, 0, 5],
    [0, 1, 4],
    [0, 2, 1],
    [1, 3, 2],
    [2, 4, 4],
  ])
  const test = ratings([
    [0, 3, 5],
    [0, 4, 4],
    [0, 2, 3],
    [1, 0, 5],
  ])
  const cases = similarCases(model, train, test, 7)
  const asked = (seed: number) => similarCases(model, train, test, seed).map((one) => one.asked)
  assert.deepEqual(asked(7), asked(7))
  assert.ok([1, 2, 3, 4].some((seed) => asked(seed).join() !== asked(7).join()))
  assert.deepEqual(
    cases.map(({ user, heldOut }) => [user, heldOut]),
    [
      [0, 3],
      [0, 4],
    ],
  )
  for (const { asked, seen } of cases) {
    assert.ok(asked === 0 || asked === 1)
    assert.deepEqual([...seen], [0, 1])
  }
})

test('figures of similar lists are those that are counted by hand', () => {
  const train = ratings([
    [0, 0, 5],
    [1, 1, 5],
  ])
  const test = ratings([
    [0, 3, 5],
    [0, 2, 4],
    [1, 0, 5],
  ])
  const cases = similarCases(model, train, test, 1)
  // The list of m0 is m3, m1, m4, m2; that of m1 is m4, m3, m2, m0.
  const order = [
    [4, 2, 0, 3, 1],
    [0, 4, 1, 2, 3],
  ]
  const similarTo = (movie: number, out: Float32Array) => out.set(order[movie] ?? [0, 1, 2, 3, 4])
  const figures = measureSimilar(similarTo, cases, [[0, 3]], [1, 1, 0, 0, 0])
  const gain = (rank: number) => 1 / Math.log2(1 + rank)
  const first = (gain(1) + gain(4)) / (gain(1) + gain(2))
  close(figures['ndcg@10'], (first + gain(4)) / 2)
  close(figures['recall@10'], 1)
  close(figures.coverage, 1)
  close(figures['rare@10'], (gain(1) + gain(4) + gain(4) / 2) / 2.5)
  close(figures.series, 1)
  assert.deepEqual([figures.cases, figures.seriesMovies], [3, 2])
  const none = measureSimilar(similarTo, [], [], [1, 1, 0, 0, 0])
  assert.deepEqual(
    [none['ndcg@10'], none.coverage, none['rare@10'], none.series],
    Array(4).fill(null),
  )
})

test('what the likes say alone: cosine shrunk by 20, and columns of EASE', () => {
  // m0 and m1 are liked by both u0 and u1, m2 by u0, m3 by u2.
  const likes = likesOf(3, 5, Int32Array.of(0, 0, 0, 1, 1, 2), Int32Array.of(0, 1, 2, 0, 1, 3))
  const out = new Float32Array(5)
  coLikeCosine(likes)(0, out)
  for (const [movie, expected] of [1 * (2 / 22), 2 / 22, Math.SQRT1_2 / 21, 0, 0].entries())
    close(out[movie]!, expected)
  easeColumns(likes)(0, out)
  // P = (XᵀX + 300 I)⁻¹ of m0, m1, m2; the third by cofactors.
  const [a, b, c, d] = [302, 2, 1, 301]
  close(out[1]!, (b * d - c * c) / (a * d - c * c))
  close(out[2]!, (a * c - b * c) / (a * a - b * b))
  close(out[3]!, 0)
})
