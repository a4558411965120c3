import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRanker } from '../../src/model/ranker.ts'
import { createScorer, type ScoredModel } from '../../src/model/scorer.ts'
import { createRandom, type Random } from '../../src/numeric/random/random.ts'
import { topN } from '../../src/numeric/search/top-n.ts'
import { makeLists } from '../../src/training/evaluation/lists/make-lists.ts'
import type { Ordering, ScoreAll } from '../../src/training/evaluation/lists/ordering.ts'
import { baselinePredictor } from '../../src/training/fit/baseline.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { casesOf, type WrittenCase } from './list-cases.ts'

/** Numbers that tie, that tie in single precision alone, or that do not. */
function numbersOf(random: Random, length: number): Float32Array {
  const kind = random.below(3)
  return Float32Array.from({ length }, () => {
    if (kind === 0) return random.below(3) - 1
    return kind === 1 ? 1e-8 * random.normal() : random.normal()
  })
}

/** An ordering of a kind, and the score of every movie that it orders by. */
function drawOrdering(random: Random, users: number, movies: number) {
  const columns = 1 + random.below(9)
  const matrixOf = (rows: number) => ({ rows, columns, data: numbersOf(random, rows * columns) })
  const baseline = {
    ...{ mean: 3.5, userBias: numbersOf(random, users), movieBias: numbersOf(random, movies) },
  }
  const hasBias = random.below(2) === 0
  const model: ScoredModel = {
    ...{ userFactors: matrixOf(users), movieFactors: matrixOf(movies), layers: [], baseline },
    userBias: hasBias ? numbersOf(random, users) : null,
    movieBias: hasBias ? numbersOf(random, movies) : null,
    // Far up the sigmoid almost all scores are one in single precision.
    ratingRange: [null, [0.5, 5] as const, [-1e9, 5] as const][random.below(3)]!,
    ratingScale: [1, 5],
  }
  const ranking = {
    ...{ userFactors: model.userFactors, movieFactors: model.movieFactors },
    meanUser: numbersOf(random, columns),
  }
  const unbounded = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const
  const bias = baselinePredictor(baseline, unbounded)
  const net: ScoredModel = {
    ...model,
    layers: [
      {
        weight: { rows: 1, columns: 2 * columns, data: numbersOf(random, 2 * columns) },
        bias: Float32Array.of(0.1),
      },
      { weight: { rows: 1, columns: 1, data: Float32Array.of(2) }, bias: Float32Array.of(0) },
    ],
  }
  const kinds: readonly [Ordering, ScoreAll][] = [
    [{ by: 'relevance', model: { ranking } }, createRanker({ ranking })!.scoreAll],
    [{ by: 'rating', model }, createScorer(model).scoreAll],
    [{ by: 'rating', model: net }, createScorer(net).scoreAll],
    [{ by: 'biases', baseline }, (user, out) => out.set(out.map((_, i) => bias(user, i)))],
  ]
  return kinds[random.below(kinds.length)]!
}

function drawCases(random: Random, users: number, movies: number): WrittenCase[] {
  return Array.from({ length: 1 + random.below(8) }, () => {
    const share = [0, 0.2, 0.99, 1][random.below(4)]!
    const seen = [...Array(movies).keys()].filter(() => random.uniform() < share)
    return { user: random.below(users + 1) - 1, seen, relevant: [] }
  })
}

/** Scores every movie in single precision and sorts. */
function slowLists(scoreAll: ScoreAll, cases: readonly WrittenCase[], movies: number, n: number) {
  const scores = new Float32Array(movies)
  return cases.map(({ user, seen }) => {
    scoreAll(user, scores)
    const isSeen = new Set(seen)
    return topN(scores, n, (movie) => !isSeen.has(movie))
  })
}

test('lists are those of scoring and sorting every movie: ties, seen movies, unknown users', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 12 }), async (seed, n) => {
      const random = createRandom(seed, 'lists')
      const users = 1 + random.below(5)
      const movies = 1 + random.below(random.below(4) === 0 ? 1_500 : 60)
      const [ordering, scoreAll] = drawOrdering(random, users, movies)
      const cases = drawCases(random, users, movies)
      const task = { ordering, cases: casesOf(cases), movies, n }
      const lists = await makeLists(task, createPulse(), 0)
      assert.deepEqual(lists, slowLists(scoreAll, cases, movies, n))
    }),
    { numRuns: 500 },
  )
})

test('one order for everybody is walked past what was seen', async () => {
  const order = Uint32Array.of(2, 0, 1)
  const cases = casesOf([
    { user: 0, relevant: [], seen: [2] },
    { user: -1, relevant: [], seen: [] },
    { user: 1, relevant: [], seen: [0, 1, 2] },
  ])
  const task = { ordering: { by: 'order', order } as const, cases, movies: 3, n: 2 }
  assert.deepEqual(await makeLists(task, createPulse()), [[0, 1], [2, 0], []])
})

test('any number of threads makes the same lists', async () => {
  const random = createRandom(4, 'threads')
  const [users, movies, n] = [300, 500, 10]
  for (let round = 0; round < 4; round++) {
    const [ordering] = drawOrdering(random, users, movies)
    const cases = casesOf(Array.from({ length: 40 }, () => drawCases(random, users, movies)).flat())
    const task = { ordering, cases, movies, n }
    const lists = await makeLists(task, createPulse(), 0)
    for (const threads of [1, 3])
      assert.deepEqual(await makeLists(task, createPulse(), threads), lists)
  }
})

test('a cancelled measuring ends its threads, and says so', async () => {
  const random = createRandom(5, 'cancel')
  const movies = 2_000
  const [ordering] = drawOrdering(random, 5, movies)
  const cases = casesOf(Array.from({ length: 500 }, () => drawCases(random, 5, movies)).flat())
  const signal = AbortSignal.abort()
  const making = makeLists({ ordering, cases, movies, n: 10 }, createPulse(signal), 2)
  await assert.rejects(making, { code: 'cancelled' })
})
