import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ratings } from '../../src/model/data/ratings.ts'
import { encodeModel } from '../../src/model/file/model-file.ts'
import type { RankingFactors } from '../../src/model/model.ts'
import { createRanker } from '../../src/model/ranker.ts'
import { rankingSettings, rankingSpecSchema } from '../../src/model/spec/ranking-spec.ts'
import { targetOf } from '../../src/model/spec/ranking-targets.ts'
import { topN } from '../../src/numeric/search/top-n.ts'
import { fitWantedRanking } from '../../src/training/fit/fit-wanted-ranking.ts'
import { createProgressMeter } from '../../src/training/progress/meter.ts'
import { createPulse, type Pulse } from '../../src/training/pulse.ts'
import { fitRanking, openRankingFits } from '../../src/training/ranking/fit-ranking.ts'
import { weighByRecency } from '../../src/training/ranking/recency-weights.ts'
import { prepareTrainingData } from '../../src/training/splitting/training-data.ts'
import { trainModel } from '../../src/training/train.ts'
import { plantedRatings, plantedSpec, ratingsOf } from './planted-ratings.ts'

const stars = { scale: [1, 5], likedFrom: 4 } as const
const eight = {
  ...rankingSpecSchema.parse({}),
  ...rankingSettings[0]!,
  factors: 8,
  priorRatings: 1,
  epochs: 12,
}
const fit = (rows: Ratings, changes: object = {}, threads = 2, pulse: Pulse = createPulse()) =>
  fitRanking({ rows, spec: { ...eight, ...changes }, seed: 1, ...stars }, pulse, threads)
const bytesOf = ({ userFactors, movieFactors }: RankingFactors) =>
  Buffer.concat([new Uint8Array(userFactors.data.buffer), new Uint8Array(movieFactors.data.buffer)])

/** Even users like even movies, odd ones the odd ones; every user has not seen one of each kind. */
const checkerboard = ratingsOf(
  Array.from({ length: 40 * 20 }, (_, i): [number, number, number] => {
    const [user, movie] = [Math.floor(i / 20), i % 20]
    return [user, movie, user % 2 === movie % 2 ? 5 : 0]
  }).filter(([user, movie, rating]) => rating > 0 && (movie >> 1) % 10 !== (user >> 1) % 10),
)

test('of two communities, each user gets what their own likes, first of all what they lack', async () => {
  const { scoreAll } = createRanker({ ranking: await fit(checkerboard) })!
  const scores = new Float32Array(20)
  for (let user = 0; user < 40; user++) {
    scoreAll(user, scores)
    const best = topN(scores, 10, () => true)
    assert.ok(
      best.every((movie) => movie % 2 === user % 2),
      `user ${user} gets ${best}`,
    )
    const seen = new Set<number>()
    checkerboard.userIndex.forEach((of, row) => {
      if (of === user) seen.add(checkerboard.movieIndex[row]!)
    })
    const lacking = ((user >> 1) % 10) * 2 + (user % 2)
    assert.deepEqual(
      topN(scores, 1, (movie) => !seen.has(movie)),
      [lacking],
    )
  }
})

test("a user's vector solves their normal equations, given the movies and the ratings' weights", async () => {
  const planted = plantedRatings({ users: 30, movies: 25 })
  const rows = { ...planted, timestamp: planted.movieIndex.map((movie) => 1 + (movie % 7)) }
  const alpha = { unobservedWeight: 0.2, regularization: 0.05, regularizationExponent: 0.75 }
  const settings = { factors: 5, epochs: 3, recency: 2, ...alpha }
  const { userFactors, movieFactors, meanUser } = await fit(rows, settings)
  const target = targetOf(eight.lowTarget, 4, [1, 5])
  const weight = new Float32Array(rows.rating.length)
  // These come in order of users.
  weighByRecency(rows, 2, weight)
  const movie = (i: number) => movieFactors.data.subarray(i * 5, i * 5 + 5)
  const product = (x: Float32Array, y: Float32Array) =>
    x.reduce((sum, value, k) => sum + value * y[k]!, 0)
  for (let user = 0; user < 30; user++) {
    const own = [...rows.userIndex.keys()].filter((row) => rows.userIndex[row] === user)
    // What the mean user adds by 1/(n + 1) taken off, and the rest divided by n/(n + 1).
    const u = userFactors.data
      .subarray(user * 5, user * 5 + 5)
      .map((value, k) => (value * (own.length + 1) - meanUser[k]!) / own.length)
    const total = own.reduce((sum, row) => sum + weight[row]!, 0.2 * 25)
    // The gradient of Σ w(t − u·v)² + α Σ(u·v)² + λ(Σ w + α·movies)^ν‖u‖², halved, is nothing.
    for (let k = 0; k < 5; k++) {
      let gradient = 0.05 * total ** 0.75 * u[k]!
      for (let i = 0; i < 25; i++) gradient += 0.2 * product(u, movie(i)) * movie(i)[k]!
      for (const row of own) {
        const v = movie(rows.movieIndex[row]!)
        gradient -= weight[row]! * (target(rows.rating[row]!) - product(u, v)) * v[k]!
      }
      assert.ok(Math.abs(gradient) < 1e-4, `user ${user}, factor ${k}: ${gradient}`)
    }
  }
})

test('of many ratings, steps of conjugate gradients come to the same scores, whatever the threads', async () => {
  const rows = plantedRatings()
  const task = { rows, spec: eight, seed: 1, ...stars }
  const refined = await fitRanking(task, createPulse(), 1, true)
  assert.ok(bytesOf(refined).equals(bytesOf(await fitRanking(task, createPulse(), 3, true))))
  const scores = [await fit(rows), refined].map((ranking) => {
    const all = new Float32Array(rows.movies.size)
    createRanker({ ranking })!.scoreAll(0, all)
    return all
  })
  assert.notDeepEqual(scores[0], scores[1])
  for (const [movie, score] of scores[0]!.entries())
    assert.ok(Math.abs(score - scores[1]![movie]!) < 0.03, `movie ${movie}: ${scores[1]![movie]}`)
})

test('users whose movies are given are solved, however many ratings there are', async () => {
  const { movieFactors } = await fit(plantedRatings())
  const task = { rows: plantedRatings(), spec: { ...eight, epochs: 0 }, seed: 1, ...stars }
  const given = { ...task, start: movieFactors }
  const [refined, solved] = [true, false].map((is) => fitRanking(given, createPulse(), 2, is))
  assert.deepEqual(await refined, await solved)
})

test('rows that are held out count where a training decides between steps and solving', async () => {
  const ratings = plantedRatings()
  const spec = plantedSpec({ algorithm: 'dot-bias', ranking: eight, split: { valid: 0.2 } })
  const data = prepareTrainingData(ratings, undefined, spec)
  const { train: rows, scale, likedFrom } = data
  const task = { rows, spec: eight, seed: spec.seed, scale, likedFrom }
  for (const isRefined of [true, false]) {
    const most = ratings.rating.length - Number(isRefined)
    const fitted = await fitWantedRanking(spec, data, undefined, createPulse(), 1, most)
    assert.deepEqual(fitted.ranking, await fitRanking(task, createPulse(), 2, isRefined))
  }
})

for (const isRefined of [true, false])
  test(`fits one after the other are those that each would be alone, ${isRefined ? 'refined' : 'solved'}`, async () => {
    const planted = plantedRatings()
    const rows = { ...planted, timestamp: planted.movieIndex.map((movie) => 1 + (movie % 7)) }
    const task = { rows, spec: { ...eight, factors: 12 }, seed: 1, ...stars }
    const specs = [
      { ...eight, factors: 12 },
      { ...eight, factors: 5, unobservedWeight: 0.3, priorRatings: 4 },
      { ...eight, factors: 12, regularization: 1, epochs: 2 },
    ]
    const fits = await openRankingFits(task, 2, isRefined)
    for (const spec of specs) {
      const alone = await fitRanking({ ...task, spec }, createPulse(), 2, isRefined)
      assert.deepEqual(await fits.fit(spec, createPulse()), alone)
    }
    fits.close()
  })

test('movies do not depend on recency, and without times users do not', async () => {
  const rows = plantedRatings({ users: 30, movies: 25 })
  const timed = { ...rows, timestamp: rows.movieIndex.map((movie) => 1 + movie) }
  const [weighed, alike] = [await fit(timed), await fit(timed, { recency: 0 })]
  assert.deepEqual(weighed.movieFactors, alike.movieFactors)
  assert.notDeepEqual(weighed.userFactors, alike.userFactors)
  assert.deepEqual(await fit(rows), alike)
})

test('the number of threads changes no bit, another seed does', async () => {
  const rows = plantedRatings()
  const one = bytesOf(await fit(rows, {}, 1))
  for (const threads of [2, 3])
    assert.ok(one.equals(bytesOf(await fit(rows, {}, threads))), `${threads} threads`)
  const other = await fitRanking({ rows, spec: eight, seed: 2, ...stars }, createPulse())
  assert.ok(!one.equals(bytesOf(other)), 'seed 2')
})

test('a like is worth 1, and a lower rating what it is between the lowest and that', async () => {
  const target = targetOf(0.6, 4, [1, 5])
  assert.deepEqual([1, 2, 3, 4, 5].map(target), [0, 0.6 / 3, 1.2 / 3, 1, 1])
  const scaleOfThree = targetOf(0.5, 4, [1, 3])
  assert.deepEqual([1, 2, 3].map(scaleOfThree), [0, 0.25, 1])
  assert.equal(targetOf(0.5, 4, [2, 2])(2), 1)
})

test('users or movies that cannot be solved are reported', async () => {
  const rows = ratingsOf([
    [0, 0, 5],
    [1, 1, 5],
  ])
  const tiny = { regularization: 1e-37, unobservedWeight: 1e-37 }
  await assert.rejects(fit(rows, tiny), { code: 'diverged' })
})

test('it tells of its progress and can be stopped meanwhile', async () => {
  const shares: number[] = []
  const beat = async (share: number) => {
    shares.push(share)
    if (share > 0.4) throw new Error('stopped')
  }
  const pulse = { isDue: () => true, beat }
  await assert.rejects(fit(plantedRatings(), {}, 1, pulse), /stopped/)
  assert.ok(shares.length > 9 && shares.at(-1)! < 0.6, `${shares}`)
  assert.ok(shares.every((share, i) => i === 0 || share >= shares[i - 1]!))
})

test('a training is cancelled within the ranking too', async () => {
  const abort = new AbortController()
  const meter = createProgressMeter({
    onChange() {
      if (meter.report().phase === 'ranking') abort.abort()
    },
  })
  const training = trainModel({
    ratings: plantedRatings(),
    spec: plantedSpec({ algorithm: 'dot-bias', epochs: 1, ranking: { epochs: 100 } }),
    backend: 'wasm',
    hooks: { signal: abort.signal, meter },
  })
  await assert.rejects(training, { code: 'cancelled' })
})

for (const algorithm of ['dot', 'dot-bias', 'net'])
  test(`${algorithm} has a ranking beside, of the same bytes each time, unless none is wanted`, async () => {
    const train = async (changes: object = {}) => {
      const ratings = plantedRatings({ users: 30, movies: 20 })
      const spec = plantedSpec({ algorithm, epochs: 1, ...changes })
      return (await trainModel({ ratings, spec, backend: 'wasm' })).fit
    }
    const [first, again, none] = [await train(), await train(), await train({ ranking: null })]
    assert.equal(first.model.ranking!.userFactors.columns, 64)
    assert.equal(first.model.ranking!.movieFactors.rows, first.model.movies.size)
    assert.ok(first.run.rankingSeconds! > 0, 'it took time')
    const bytes = ({ model }: typeof first) => Buffer.concat(encodeModel(model))
    assert.ok(bytes(first).equals(bytes(again)), 'the same bytes')
    assert.deepEqual([none.model.ranking, none.run.rankingSeconds], [null, null])
    assert.deepEqual(none.model.userFactors, first.model.userFactors)
  })
