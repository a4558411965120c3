import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { pickRows, type Ratings } from '../../src/model/data/ratings.ts'
import { rankingSettings } from '../../src/model/spec/ranking-spec.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { readRatingsFile } from '../../src/storage/ratings/read-ratings-file.ts'
import { errorMetrics, predictRows } from '../../src/training/evaluation/error-metrics.ts'
import { measureRanking } from '../../src/training/evaluation/measure-ranking.ts'
import { popularity, ratedShare } from '../../src/training/evaluation/predictors.ts'
import { type CandidateRule, rankingCases } from '../../src/training/evaluation/ranking-cases.ts'
import { baselinePredictor, fitBaseline } from '../../src/training/fit/baseline.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { fitRanking } from '../../src/training/ranking/fit-ranking.ts'
import { splitRatings } from '../../src/training/splitting/split-ratings.ts'
import { knownTo, prepareTrainingData } from '../../src/training/splitting/training-data.ts'
import { root } from '../support/root.ts'

const folder = fileURLToPath(new URL('../shared/data/ml-100k', root))
const skip = existsSync(folder) ? false : 'MovieLens 100K is not in ../shared/data/ml-100k.'
const spec = trainingSpecSchema.parse({ algorithm: 'dot-bias' })

const near = (actual: number | null, expected: number, within: number) =>
  assert.ok(Math.abs(actual! - expected) < within, `${actual} is near ${expected}`)

test("damped biases have the published error on GroupLens' five folds", { skip }, async () => {
  let sum = 0
  for (const fold of [1, 2, 3, 4, 5]) {
    const [base, held] = await Promise.all(
      ['base', 'test'].map((part) => readRatingsFile(`${folder}/u${fold}.${part}`)),
    )
    const { train, heldOut } = prepareTrainingData(base!.ratings, held!.ratings, spec)
    const baseline = await fitBaseline(train, createPulse())
    const predict = baselinePredictor(baseline, [1, 5])
    const known = knownTo(train, heldOut!)
    const predicted = await predictRows(predict, known, createPulse())
    const { rmse, rows } = errorMetrics(predicted, known.rating)
    assert.equal(rows, 20_000)
    sum += rmse
  }
  assert.ok(sum / 5 > 0.94 && sum / 5 < 0.95, `mean RMSE ${sum / 5}`)
})

type Method = 'random' | 'user-time'

/** A split in the indices of a training on it. */
function casesOf(ratings: Ratings, method: Method, candidates: CandidateRule) {
  const { kept, heldOut } = splitRatings(ratings, { ...spec, split: { method, valid: 0.2 } })
  const [train, held] = [pickRows(ratings, kept), pickRows(ratings, heldOut)]
  const data = prepareTrainingData(train, held, spec)
  const known = { ...data.train, likedFrom: data.likedFrom, scale: data.scale }
  return { known, cases: rankingCases(known, train, held, candidates) }
}

async function popularityOn(ratings: Ratings, method: Method, candidates: CandidateRule) {
  const { known, cases } = casesOf(ratings, method, candidates)
  const { ordering } = popularity(known, known)
  return measureRanking(cases, ordering, ratedShare(known, known), 10, createPulse())
}

test('popularity ranks as the field measures it', { skip }, async () => {
  const { ratings } = await readRatingsFile(folder)
  const random = await popularityOn(ratings, 'random', 'unliked')
  near(random.ndcg, 0.156, 0.005)
  near(random.recall, 0.113, 0.005)
  near(random.hit, 0.599, 0.01)
  const byTime = await popularityOn(ratings, 'user-time', 'unliked')
  near(byTime.ndcg, 0.08, 0.005)
  near(byTime.recall, 0.066, 0.005)
  near(byTime.hit, 0.377, 0.01)
  const unrated = await popularityOn(ratings, 'random', 'unrated')
  assert.ok(unrated.ndcg! > random.ndcg! + 0.01, 'fewer candidates make it easier')
})

for (const [data, method, least] of [
  ['ml-100k', 'random', 0.325],
  ['ml-100k', 'user-time', 0.165],
  ['ml-latest-small-2018', 'random', 0.275],
] as const)
  test(`lists by relevance are better than those of EASE: ${data}, ${method}`, {
    skip,
  }, async () => {
    const { ratings } = await readRatingsFile(`${folder}/../${data}`)
    const { known, cases } = casesOf(ratings, method, 'unliked')
    const { scale, likedFrom } = known
    const task = {
      rows: known,
      spec: { ...spec.ranking!, ...rankingSettings[0]!, priorRatings: 1, epochs: 12 },
      seed: spec.seed,
      scale,
      likedFrom,
    }
    const ranking = await fitRanking(task, createPulse())
    const ordering = { by: 'relevance', model: { ranking } } as const
    const share = ratedShare(known, known)
    const { ndcg } = await measureRanking(cases, ordering, share, 10, createPulse())
    assert.ok(ndcg! >= least, `NDCG@10 ${ndcg}, expected ${least}`)
  })
