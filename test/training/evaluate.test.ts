import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pickRows } from '../../src/model/data/ratings.ts'
import type { Vocabulary } from '../../src/model/data/vocabulary.ts'
import { createRanker } from '../../src/model/ranker.ts'
import { createScorer } from '../../src/model/scorer.ts'
import { type EvaluationTask, evaluateSplit } from '../../src/training/evaluation/evaluate.ts'
import { randomSplit } from '../../src/training/splitting/random-split.ts'
import { cardLists, trainModel } from '../../src/training/train.ts'
import { plantedRatings, plantedSpec, ratingsOf } from './planted-ratings.ts'

const ratings = plantedRatings({ users: 40, movies: 30 })
const { kept, heldOut } = randomSplit(ratings.rating.length, 0.2, 1, 'split')
const task: EvaluationTask = {
  train: pickRows(ratings, kept),
  test: pickRows(ratings, heldOut),
  specs: [plantedSpec({ algorithm: 'dot-bias', epochs: 4 })],
  candidates: 'unliked',
  orderBy: 'relevance',
  backend: 'wasm',
}

test('every algorithm is measured on the same rows, then the three baselines', async () => {
  const net = plantedSpec({ algorithm: 'net', epochs: 2 })
  const evaluations = await evaluateSplit({ ...task, specs: [...task.specs, net] })
  assert.deepEqual(
    evaluations.map(({ algorithm }) => algorithm),
    ['dot-bias', 'net', 'global-mean', 'bias-only', 'popularity'],
  )
  for (const { algorithm, figures } of evaluations) {
    assert.equal(figures.rows, heldOut.length)
    assert.equal(
      figures.rows,
      figures.warmRows + figures.coldUserRows + figures.coldMovieRows,
      'the parts are all rows',
    )
    assert.equal(figures.rmse === null, algorithm === 'popularity')
    assert.ok(figures['ndcg@10']! > 0 && figures['ndcg@10']! <= 1)
  }
})

for (const orderBy of ['relevance', 'rating'] as const)
  test(`errors are those of the scorer that serves, lists by ${orderBy} as it orders them`, async () => {
    const [evaluation] = await evaluateSplit({ ...task, orderBy })
    const { fit, measurement } = evaluation!.trained!
    const { model } = fit
    const { figures } = evaluation!
    assert.equal(figures.mse, measurement.errors.mse)

    const { scoreAll } = orderBy === 'rating' ? createScorer(model) : createRanker(model)!
    const scores = new Float32Array(model.movies.size)
    let users = 0
    let hits = 0
    ratings.users.ids.forEach((id, user) => {
      const of = (rows: Uint32Array) =>
        [...rows].filter((row) => ratings.userIndex[row] === user && ratings.rating[row]! >= 4)
      const movieOf = (row: number) =>
        model.movies.indexOf(ratings.movies.idOf(ratings.movieIndex[row]!))
      const liked = of(heldOut).map(movieOf)
      if (liked.length === 0) return
      const seen = of(kept).map(movieOf)
      scoreAll(model.users.indexOf(id), scores)
      const list = [...scores.keys()]
        .filter((movie) => !seen.includes(movie))
        .sort((a, b) => scores[b]! - scores[a]! || a - b)
        .slice(0, 10)
      users++
      if (list.some((movie) => liked.includes(movie))) hits++
    })
    assert.ok(Math.abs(figures['hit@10']! - hits / users) < 1e-12)
  })

test('rows of unseen users and movies are counted and measured, and unseen users get a list', async () => {
  const test = ratingsOf([
    [900, 0, 5],
    [900, 1, 1],
    [0, 901, 4],
    [902, 903, 4],
  ])
  const [model, mean] = await evaluateSplit({ ...task, train: ratings, test })
  for (const { figures } of [model!, mean!]) {
    assert.deepEqual(
      [figures.warmRows, figures.coldUserRows, figures.coldMovieRows, figures.rows],
      [0, 3, 1, 4],
    )
    assert.equal(figures.warmRmse, null)
    assert.ok(figures.coldUserRmse! > 0 && figures.coldMovieRmse! > 0)
    // Of three users one liked a movie that a list can show; all ten of thirty places are tried.
    assert.ok(figures['recall@10']! <= 1 / 3)
  }
})

test('only a training works out what a later one starts from', async () => {
  const [evaluation] = await evaluateSplit(task)
  assert.equal(evaluation!.trained!.fit.start, null)
  const spec = { ...task.specs[0]!, refit: true }
  const { fit, refit } = await trainModel({ ratings, spec, backend: 'wasm' })
  assert.ok(fit.start)
  assert.equal(refit!.start, null)
})

test("the card's lists are measured as by default here, those of the held-out rows", async () => {
  const [evaluation] = await evaluateSplit(task)
  const spec = task.specs[0]!
  const training = { ratings: task.train, test: task.test, spec, backend: task.backend }
  const onCard = (await trainModel(training)).measurement!
  const { users, ...means } = onCard.lists!
  assert.ok(users > 20 && users <= 40, `${users} users`)
  const measured = evaluation!.trained!.measurement
  for (const [name, value] of Object.entries(means))
    assert.ok(Math.abs(value! - measured.lists![name as 'ndcg']!) < 1e-12, `${name} ${value}`)
  assert.deepEqual(
    [onCard.errors, onCard.intervalCoverage],
    [measured.errors, measured.intervalCoverage],
  )
  const unranked = await trainModel({ ...training, spec: { ...spec, ranking: null } })
  assert.equal(unranked.measurement!.lists, null)
})

test('a card tells of the lists of all users, but of vast data of a sample', () => {
  const mostOf = (users: number, movies: number) => {
    const ofSize = (size: number) => ({ size }) as Vocabulary
    const factors = { rows: 0, columns: 64, data: new Float32Array() }
    const ranking = { userFactors: factors, movieFactors: factors, meanUser: new Float32Array() }
    const sizes = { users: ofSize(users), movies: ofSize(movies) }
    return cardLists(1, { ranking, ...sizes }).sample!.mostUsers
  }
  assert.ok(mostOf(64_936, 23_585) > 64_936)
  assert.ok(mostOf(22_000, 253_000) > 22_000)
  assert.ok(mostOf(1_000_000, 1_000_000) < 200_000)
  assert.ok(mostOf(1_000, 1e9) >= 1_000)
})

test('without a report there are no pictures, and all else is as with one', async () => {
  const [shown, plain] = await Promise.all(
    [true, false].map((isReported) => evaluateSplit({ ...task, isReported })),
  )
  assert.deepEqual(
    plain!.map(({ figures }) => figures),
    shown!.map(({ figures }) => figures),
  )
  assert.ok(shown![0]!.trained!.measurement.pictures)
  assert.equal(plain![0]!.trained!.measurement.pictures, null)
})

test('the same seed gives the same figures', async () => {
  const figuresOf = async () => (await evaluateSplit(task)).map(({ figures }) => figures)
  assert.deepEqual(await figuresOf(), await figuresOf())
})

test('nothing to measure on, or a pair on both sides, is refused', async () => {
  await assert.rejects(evaluateSplit({ ...task, test: ratingsOf([]) }), { code: 'no-ratings' })
  await assert.rejects(evaluateSplit({ ...task, test: task.train }), { code: 'invalid-request' })
})
