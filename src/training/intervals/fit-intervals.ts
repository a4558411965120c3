import type { IntervalCoverage } from '../../model/card.ts'
import { type Intervals, ratingCountsOf } from '../../model/intervals.ts'
import type { Model } from '../../model/model.ts'
import { createScorer } from '../../model/scorer.ts'
import { countsOf } from '../../numeric/counting.ts'
import type { Pulse } from '../pulse.ts'
import { randomSplit } from '../splitting/random-split.ts'
import type { EvaluationRows, TrainingData } from '../splitting/training-data.ts'
import { calibrate } from './calibrate.ts'
import type { Residuals } from './difficulty.ts'
import { measureIntervalCoverage } from './interval-coverage.ts'

const rowsBetweenLooks = 1_024
/** The coverage that so many give is sure to a tenth of a percent; more would only cost time. */
const mostRows = 200_000

/**
 * What makes intervals of a model's predictions, and how often they hold. Each half of the held-out
 * rows, drawn by the seed, is measured with what the other half gives; what serves is made of both. Of
 * more than 200,000 rows so many are drawn and the rest is not looked at.
 */
export async function intervalsOf(
  model: Model,
  train: TrainingData['train'],
  allHeldOut: EvaluationRows,
  seed: number,
  pulse: Pulse,
): Promise<{ intervals: Intervals; coverage: IntervalCoverage }> {
  const ratings = {
    userRatings: countsOf(train.userIndex, train.users.size),
    movieRatings: countsOf(train.movieIndex, train.movies.size),
  }
  const heldOut = someOf(allHeldOut, seed)
  const residuals = await residualsOf(model, ratings, heldOut, pulse)
  const { ratingScale } = model
  const halves = randomSplit(heldOut.rating.length, 0.5, seed, 'intervals')
  const parts = [
    { rows: halves.kept, by: halves.heldOut },
    { rows: halves.heldOut, by: halves.kept },
  ].map(({ rows, by }) => ({ rows, calibration: calibrate(residuals, by, ratingScale) }))
  const all = Uint32Array.from(heldOut.rating, (_, row) => row)
  return {
    intervals: { ...calibrate(residuals, all, ratingScale), ...ratings },
    coverage: measureIntervalCoverage(residuals, parts, ratingScale),
  }
}

function someOf(rows: EvaluationRows, seed: number): EvaluationRows {
  const { length } = rows.rating
  if (length <= mostRows) return rows
  const { heldOut: chosen } = randomSplit(length, mostRows / length, seed, 'interval-rows')
  return {
    userIndex: Int32Array.from(chosen, (row) => rows.userIndex[row]!),
    movieIndex: Int32Array.from(chosen, (row) => rows.movieIndex[row]!),
    rating: Float32Array.from(chosen, (row) => rows.rating[row]!),
  }
}

/** Predictions as they are served, of every row. */
async function residualsOf(
  model: Model,
  ratings: Pick<Intervals, 'userRatings' | 'movieRatings'>,
  { userIndex, movieIndex, rating }: EvaluationRows,
  pulse: Pulse,
): Promise<Residuals> {
  const { predict } = createScorer(model)
  const userRatings = new Uint32Array(rating.length)
  const movieRatings = new Uint32Array(rating.length)
  const predicted = new Float32Array(rating.length)
  for (let row = 0; row < rating.length; row++) {
    const [user, movie] = [userIndex[row]!, movieIndex[row]!]
    const counts = ratingCountsOf(ratings, user, movie)
    userRatings[row] = counts.user
    movieRatings[row] = counts.movie
    predicted[row] = predict(user, movie)
    if (row % rowsBetweenLooks === 0 && pulse.isDue()) await pulse.beat(row / rating.length)
  }
  return { userRatings, movieRatings, predicted, rating }
}
