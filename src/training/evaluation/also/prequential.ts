import {
  type OwnRatings,
  ownRatings,
  type Ratings,
  ratedMovies,
} from '../../../model/data/ratings.ts'
import { foldInChange } from '../../../model/fold-in/changed-user.ts'
import { foldInModelOf } from '../../../model/fold-in/fold-in-model.ts'
import { type Model, userBiasOf } from '../../../model/model.ts'
import { createScorer } from '../../../model/scorer.ts'
import { groupBy } from '../../../numeric/counting.ts'
import { createRandom } from '../../../numeric/random/random.ts'
import { sortedIndices } from '../../../numeric/search/sorted-indices.ts'
import { type EvaluationRows, knownTo } from '../../splitting/training-data.ts'
import { errorMetrics } from '../error-metrics.ts'
import type { AlsoMeasure, AlsoRow } from './also-measure.ts'

/** Of more rows, those of so many users, drawn by the seed, as have about as many. */
const mostRows = 50_000

/**
 * Predictive sequential errors (Dawid 1984, "prequential"): each test rating is predicted when all
 * earlier ones of its user were told, by time, which are folded in as the service does, and the
 * model stays as it is; beside the model alone.
 */
export const prequential: AlsoMeasure = async ({ fit, spec, train, test }, pulse) => {
  const model = { ...fit.model, rated: ratedMovies(rowsOf(fit.model, train)) }
  const rows = knownTo(model, test)
  const predict = createScorer(model).predict
  const told = toldPredictor(model)
  const random = createRandom(spec.seed, 'prequential')
  const share = mostRows / rows.rating.length
  const { start, order } = groupBy(test.userIndex, test.users.size, byTime(test))
  const measured: { row: number; alone: number; told: number }[] = []
  for (let user = 0; user < test.users.size; user++) {
    if (random.uniform() >= share) continue
    const ofUser = order.subarray(start[user]!, start[user + 1]!)
    for (const [i, row] of ofUser.entries()) {
      if (pulse.isDue()) await pulse.beat(user / test.users.size)
      const alone = predict(rows.userIndex[row]!, rows.movieIndex[row]!)
      measured.push({ row, alone, told: i === 0 ? alone : told(rows, ofUser.subarray(0, i), row) })
    }
  }
  const rowOf = (of: string, isIn: (userIndex: number) => boolean): AlsoRow => {
    const some = measured.filter(({ row }) => isIn(rows.userIndex[row]!))
    const ratings = some.map(({ row }) => rows.rating[row]!)
    const rmse = (which: 'alone' | 'told') =>
      some.length === 0
        ? null
        : errorMetrics(
            some.map((one) => one[which]),
            ratings,
          ).rmse
    const [alone, toldRmse] = [rmse('alone'), rmse('told')]
    const gain = alone === null || toldRmse === null ? null : alone - toldRmse
    return { of, figures: { ratings: some.length, 'model alone': alone, told: toldRmse, gain } }
  }
  return [
    rowOf('users unknown to the model', (user) => user < 0),
    rowOf('users of the model', (user) => user >= 0),
    rowOf('all', () => true),
  ]
}

/** The training rows that the model knows, in its indices. */
function rowsOf(model: Model, train: Ratings): Ratings {
  const known = knownTo(model, train)
  const isKnown = (_: number, row: number) =>
    known.userIndex[row]! >= 0 && known.movieIndex[row]! >= 0
  return {
    users: model.users,
    movies: model.movies,
    userIndex: Uint32Array.from(known.userIndex.filter(isKnown)),
    movieIndex: Uint32Array.from(known.movieIndex.filter(isKnown)),
    rating: known.rating.filter(isKnown),
    timestamp: train.timestamp.filter(isKnown),
  }
}

/** [rows] the earliest first, of one time the one further up. */
function byTime({ timestamp }: Ratings): Uint32Array {
  return sortedIndices(timestamp.length, (a, b) => timestamp[a]! - timestamp[b]!)
}

/** Predicts the rating in a row when some of its user's were told beside those of the training. */
function toldPredictor(model: Model) {
  const folding = foldInModelOf(model)
  const scorer = createScorer(model)
  const k = model.userFactors.columns
  const [lowest, highest] = model.ratingScale
  return (rows: EvaluationRows, toldRows: Uint32Array, row: number): number => {
    const userIndex = rows.userIndex[row]!
    const before = ownRatings(model, userIndex)
    const now = withTold(before, rows, toldRows)
    const movie = rows.movieIndex[row]!
    if (movie < 0) {
      const rating = model.baseline.mean + userBiasOf(model, now)
      return Math.min(highest, Math.max(lowest, rating))
    }
    if (now.rating.length === 0) return scorer.predict(userIndex, movie)
    const x = foldInChange(folding, { userIndex, before, now })
    return scorer.of(Float32Array.from(x.subarray(0, k)), x[k] ?? 0).predict(movie)
  }
}

function withTold(
  before: OwnRatings,
  { movieIndex, rating }: EvaluationRows,
  toldRows: Uint32Array,
): OwnRatings {
  const now = new Map<number, number>()
  for (let i = 0; i < before.rating.length; i++) now.set(before.movieIndex[i]!, before.rating[i]!)
  for (const row of toldRows) if (movieIndex[row]! >= 0) now.set(movieIndex[row]!, rating[row]!)
  const movies = Uint32Array.from(now.keys()).sort()
  return { movieIndex: movies, rating: Float32Array.from(movies, (movie) => now.get(movie)!) }
}
