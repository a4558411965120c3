import {
  lastRefinementSteps,
  mostSolvedRatings,
  type RankingSpec,
  refinementSteps,
} from '../../model/spec/ranking-spec.ts'
import type { BayesSpec, SteppedSpec, TrainingSpec } from '../../model/spec/training-spec.ts'
import type { EpochWork } from './epoch-steps.ts'

// Work in about multiplications, a rate for each kind of it: what matters is that within a kind
// twice the number takes twice the time.

/** The sizes that the work of a training follows from. */
export type TrainingSizes = {
  readonly ratings: number
  readonly users: number
  readonly movies: number
  /** Held-out rows of the caller's own. */
  readonly test?: number
}

/** Ratings of a file or store: their number, and that of users and movies. */
export function sizesOf(ratings: {
  readonly rating: ArrayLike<number>
  readonly users: { readonly size: number }
  readonly movies: { readonly size: number }
}): TrainingSizes {
  return {
    ratings: ratings.rating.length,
    users: ratings.users.size,
    movies: ratings.movies.size,
  }
}

/** Beside its factors, what going to a row costs. */
const perRow = 24

/** Numbers of a user's and a movie's vector together, and of the layers, once for each rating. */
function perRating(spec: SteppedSpec): number {
  if (spec.algorithm !== 'net') return spec.factors + perRow
  const widths = [spec.userFactors + spec.movieFactors, ...spec.hiddenLayers, 1]
  return widths.slice(1).reduce((sum, width, i) => sum + width * widths[i]!, perRow)
}

/** A pass over the training rows, and the predictions of those held out. */
export function epoch({ ratings }: TrainingSizes, heldOut: number, spec: SteppedSpec): number {
  return (ratings + heldOut) * perRating(spec)
}

/** A hundred steps. */
export function rateSearch(spec: SteppedSpec): number {
  return 100 * spec.batchSize * perRating(spec)
}

/** A draw of all vectors: for each rating of both sides k²/2, for each row k³/3. */
export function sweep(
  { ratings, users, movies }: TrainingSizes,
  watched: number,
  { factors }: BayesSpec,
): number {
  const k = factors + 1
  const rows = (users + movies) * (k ** 3 / 3 + perRow)
  return ratings * k * (k + perRow) + rows + watched * (k + perRow)
}

/** The singular vectors of the average: products for each row, and the eigenpairs of their core. */
export function turn({ users, movies }: TrainingSizes, { savedFactors }: BayesSpec): number {
  const basis = Math.min(savedFactors, users, movies) + 32
  return (users + movies + 16 * basis) * basis ** 2
}

/** The singular vectors of the average, and the errors of the watched rows. */
export function compression(sizes: TrainingSizes, watched: number, spec: BayesSpec): number {
  return turn(sizes, spec) + watched * (spec.savedFactors + perRow)
}

/** Predictions of rows. */
export function predictions(rows: number, spec: TrainingSpec): number {
  return rows * (spec.algorithm === 'bayes' ? spec.savedFactors + perRow : perRating(spec))
}

/** Both sides solved so often, and the users once more: k²/2 for each rating, k³/3 for each row. */
export function alternating(
  { ratings, users, movies }: TrainingSizes,
  factors: number,
  epochs: number,
): number {
  const rows = (count: number) => count * (factors ** 3 / 3 + factors ** 2 / 2)
  const ofSide = (count: number) => ratings * (factors ** 2 / 2 + perRow) + rows(count)
  return epochs * (ofSide(users) + ofSide(movies)) + ofSide(users)
}

const usualFactors = 64

/** The fit of a ranking; of many ratings by steps, see `fitRanking`. */
export function ranking(
  sizes: TrainingSizes,
  spec: Pick<RankingSpec, 'factors'>,
  epochs: number,
): number {
  const k = spec.factors === 'auto' ? usualFactors : spec.factors
  const { ratings, users, movies, test = 0 } = sizes
  if (ratings + test <= mostSolvedRatings || epochs === 0) return alternating(sizes, k, epochs)
  // Half as much again a rating as is multiplied: its vector is read for each step.
  const step = (rows: number) => ratings * 3 * k + rows * k ** 2
  const epoch = (refinementSteps + 1) * (step(users) + step(movies))
  return epochs * epoch + (lastRefinementSteps + 1) * step(users)
}

/** Of a short fit: its threads, and the lists that it is judged by. */
const perFit = 1e9

/** Short fits of some of the users, see `resolveRanking`. */
export function rankingSearch(sizes: TrainingSizes, spec: RankingSpec): number {
  const { factors, unobservedWeight, regularization, priorRatings } = spec
  const isSearched = [factors, unobservedWeight, regularization].includes('auto')
  const fits = (isSearched ? 6 : 0) + (priorRatings === 'auto' ? 1.5 : 0)
  const share = Math.min(1, 1_000_000 / sizes.ratings)
  const searched = { ...sizes, ratings: share * sizes.ratings, users: share * sizes.users }
  const k = Math.min(32, factors === 'auto' ? usualFactors : factors)
  return (
    fits *
    (alternating(searched, k, spec.epochs === 'auto' ? 3 : Math.min(3, spec.epochs)) + perFit)
  )
}

/** Lists of the users with a held-out like, at most as many as `cardLists` draws. */
export function lists(
  { ratings, users, movies }: TrainingSizes,
  test: number,
  spec: TrainingSpec,
): number {
  const factors =
    !spec.ranking || spec.ranking.factors === 'auto' ? usualFactors : spec.ranking.factors
  const solving = (12 * (users + movies) * factors ** 3) / 3
  const most = spec.ranking ? Math.max(1_000, solving / (16 * movies)) : users
  // So many of a user's held-out ratings are likes, half of them about.
  const likers = users * (1 - 0.5 ** (test / users))
  return ratings === 0 ? 0 : Math.min(most, likers) * movies
}

/** Bytes of the model: its vectors, and what each user rated. */
export function published({ ratings, users, movies }: TrainingSizes, spec: TrainingSpec): number {
  const own = spec.algorithm === 'bayes' ? spec.savedFactors : perRating(spec)
  const ranked = spec.ranking ? usualFactors : 0
  return 8 * ratings + 4 * (users + movies) * (own + ranked)
}

/** What an epoch takes: those of one kind have one rate. */
export function epochWork(
  sizes: TrainingSizes,
  watched: number,
  spec: SteppedSpec | BayesSpec,
  engine: string,
): EpochWork {
  if (spec.algorithm === 'bayes') {
    const units = sweep(sizes, watched, spec)
    return { units, turning: units + turn(sizes, spec) }
  }
  const kind = spec.algorithm === 'net' ? 'net' : spec.optimizer
  return { kind: `epochs ${engine} ${kind}`, units: epoch(sizes, watched, spec) }
}
