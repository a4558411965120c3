// Makes the lists that `evaluate` measures in two ways, by exact search on all cores and by scoring
// and sorting every movie in one thread, and says whether they are the same:
// node --import tsx bench/evaluation.ts ratings.csv [every]
// The slow way is taken for every so many of the users alone, as its time is.
import { pickRows } from '../src/model/data/ratings.ts'
import { createRanker } from '../src/model/ranker.ts'
import { createScorer } from '../src/model/scorer.ts'
import { trainingSpecSchema } from '../src/model/spec/training-spec.ts'
import { membersOf } from '../src/numeric/search/sorted-rows.ts'
import { topN } from '../src/numeric/search/top-n.ts'
import { readRatingsFile } from '../src/storage/ratings/read-ratings-file.ts'
import { makeLists } from '../src/training/evaluation/lists/make-lists.ts'
import {
  modelOrdering,
  type Ordering,
  type ScoreAll,
} from '../src/training/evaluation/lists/ordering.ts'
import { testSetOf } from '../src/training/evaluation/measure-model.ts'
import { biasOnly, popularity } from '../src/training/evaluation/predictors.ts'
import { baselinePredictor } from '../src/training/fit/baseline.ts'
import { fitModel } from '../src/training/fit/fit-model.ts'
import { createPulse } from '../src/training/pulse.ts'
import { splitRatings } from '../src/training/splitting/split-ratings.ts'
import { prepareTrainingData } from '../src/training/splitting/training-data.ts'

const [path, every = '1'] = process.argv.slice(2)
const n = 10
const stride = Number(every)
const print = (line: string) => process.stdout.write(`${line}\n`)
const lap = (begin: number) => (performance.now() - begin) / 1_000

const began = performance.now()
const { ratings } = await readRatingsFile(path!)
print(`${ratings.rating.length} ratings read in ${lap(began).toFixed(1)} s`)
const spec = trainingSpecSchema.parse({
  ...{ algorithm: 'dot-bias', optimizer: 'per-rating', schedule: 'constant', epochs: 2 },
  ranking: { epochs: 2 },
})
const { kept, heldOut } = splitRatings(ratings, spec)
const [train, test] = [pickRows(ratings, kept), pickRows(ratings, heldOut)]
const data = prepareTrainingData(train, test, spec)
const pulse = createPulse()
const { model, baseline } = await fitModel({ data, spec, backend: 'wasm' }, pulse)
const { cases, share } = testSetOf(model, train, test, { candidates: 'unliked' }).lists!
const movies = share.length
print(`${cases.user.length} lists of ${n} of ${movies} movies`)

const bias = baselinePredictor(baseline, [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])
const popular = popularity(model, train).ordering as Extract<Ordering, { by: 'order' }>
const place = new Float32Array(movies)
for (const [i, movie] of popular.order.entries()) place[movie] = -i
const ways: readonly [string, Ordering, ScoreAll][] = [
  ['relevance', modelOrdering(model, 'relevance'), createRanker(model)!.scoreAll],
  ['rating', modelOrdering(model, 'rating'), createScorer(model).scoreAll],
  [
    'damped biases',
    biasOnly(baseline, model.ratingScale).ordering,
    (user, out) => {
      for (let movie = 0; movie < movies; movie++) out[movie] = bias(user, movie)
    },
  ],
  ['popularity', popular, (_, out) => out.set(place)],
]
for (const [name, ordering, scoreAll] of ways) {
  const fast = performance.now()
  const lists = await makeLists({ ordering, cases, movies, n }, pulse)
  const fastSeconds = lap(fast)
  const slow = performance.now()
  const scores = new Float32Array(movies)
  let others = 0
  let asked = 0
  for (let i = 0; i < lists.length; i += stride) {
    const seen = new Set(membersOf(cases.seen, i))
    scoreAll(cases.user[i]!, scores)
    const list = topN(scores, n, (movie) => !seen.has(movie))
    if (list.join() !== lists[i]!.join()) others += 1
    asked += 1
  }
  const slowSeconds = (lap(slow) * lists.length) / asked
  print(
    `${name.padEnd(14)} ${fastSeconds.toFixed(2)} s, scoring all ${slowSeconds.toFixed(1)} s; ${others} of ${asked} lists differ`,
  )
}
