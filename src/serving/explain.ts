import { MarqueeError } from '../errors.ts'
import type { Basis } from '../model/scorer.ts'
import type { FoldedUser } from './fold-in/fold-in.ts'
import type { FoldInModel } from './fold-in/prepare-fold-in.ts'
import { inSlices } from './in-slices.ts'
import type { Profile } from './profile.ts'
import { type MovieSummary, type Snapshot, summaryOf } from './snapshot.ts'

/** Points of the path from the prior's mean to the user's vector at which slopes are taken. */
const pathPoints = 32

/** A rating of the user's own and by how much it moved a score. */
export type Contribution = MovieSummary & { rating: number; stars: number }
/** `score` is the sum of `prior`, the stars of `items`, `others` and `remainder`. */
export type Explanation = {
  basis: Basis
  /** The rating as it is shown, within the scale, and before it was put into the scale. */
  rating: number
  score: number
  /** What is expected of somebody of whom nothing is known. */
  prior: number
  /** What the user's own ratings did to it, the strongest first. */
  items: Contribution[]
  /** The sum of those that are not among the items. */
  others: number
  /** What training made of the user beyond what folding these ratings in does. */
  remainder: number
}

/** A score in parts: before any rating, what each rating did, in their order, and the rest. */
type Parts = { score: number; prior: number; stars: Float64Array; remainder: number }

/**
 * Splits the score of a movie exactly over what the user rated. An `unknown-movie` error where the
 * model does not know the movie; of a user that it does not know, everything is the prior.
 */
export async function explain(
  snapshot: Snapshot,
  profile: Profile,
  movieId: string,
  n: number,
): Promise<Explanation> {
  const movie = snapshot.model.movies.indexOf(movieId)
  if (movie < 0)
    throw new MarqueeError(
      'unknown-movie',
      `The model does not know movie ${JSON.stringify(movieId)}, so there is nothing to explain.`,
    )
  const { rating, basis } = profile.predict(movie)
  const user = await profile.userVector()
  const known = user ? split(snapshot.foldIn, user.folded, user.x, movie) : null
  const { score, prior, stars, remainder } = known ?? whollyPrior(Math.fround(profile.score(movie)))
  const strongest = bestRows(stars, n, Math.abs)
  const shown = strongest.reduce((sum, row) => sum + stars[row]!, 0)
  return {
    ...{ basis, rating, score, prior },
    items: strongest.map((row) => contribution(snapshot, profile, stars, row)),
    others: stars.reduce((sum, value) => sum + value, 0) - shown,
    remainder,
  }
}

/** For each movie of the model the `n` ratings that raised its score most; none of an unknown user. */
export async function reasonsFor(
  snapshot: Snapshot,
  profile: Profile,
  movieIds: readonly string[],
  n: number,
): Promise<Contribution[][]> {
  const user = await profile.userVector()
  return user ? inSlices(reasonSteps(snapshot, profile, user, movieIds, n)) : movieIds.map(() => [])
}

function* reasonSteps(
  snapshot: Snapshot,
  profile: Profile,
  { folded, x }: { folded: FoldedUser; x: Float64Array },
  movieIds: readonly string[],
  n: number,
): Generator<void, Contribution[][]> {
  const reasons: Contribution[][] = []
  for (const id of movieIds) {
    const { stars } = split(snapshot.foldIn, folded, x, snapshot.model.movies.indexOf(id))
    const best = bestRows(stars, n, (value) => value).filter((row) => stars[row]! > 0)
    reasons.push(best.map((row) => contribution(snapshot, profile, stars, row)))
    yield
  }
  return reasons
}

/** The rows with the highest values, the first of equal ones first. */
function bestRows(stars: Float64Array, n: number, value: (stars: number) => number): number[] {
  return Array.from(stars.keys())
    .sort((a, b) => value(stars[b]!) - value(stars[a]!) || a - b)
    .slice(0, n)
}

function contribution(
  snapshot: Snapshot,
  { own }: Profile,
  stars: Float64Array,
  row: number,
): Contribution {
  const movie = summaryOf(snapshot, own.movieIndex[row]!)
  return { ...movie, rating: own.rating[row]!, stars: stars[row]! }
}

function whollyPrior(score: number): Parts {
  return { score, prior: score, stars: new Float64Array(), remainder: 0 }
}

/**
 * From the mean user vector m to the folded one x_f the rating changes by the integral of its slopes along
 * the way (integrated gradients: Sundararajan, Taly & Yan 2017):
 *
 *   r̂(x_f) − r̂(m) = ḡᵀ(x_f − m)      ḡ = ∫ ∇r̂(m + t·(x_f − m)) dt over t = 0 … 1
 *
 * and x_f − m is a sum with one term for each rating. What the midpoint rule misses of the integral,
 * and what the trained vector x says beyond x_f, is the remainder. With no range ḡ is constant.
 */
function split(
  { space, prior }: FoldInModel,
  folded: FoldedUser,
  x: Float64Array,
  movie: number,
): Parts {
  const gradient = new Float64Array(space.size)
  const ratingAt = (vector: Float64Array) => space.ratingOf(space.slope(vector, movie, gradient))
  const mean = new Float64Array(space.size)
  for (let point = 0; point < pathPoints; point++) {
    const t = (point + 0.5) / pathPoints
    const between = prior.mean.map((from, i) => from + t * (folded.x[i]! - from))
    const steepness = space.ratingSlope(space.slope(between, movie, gradient)) / pathPoints
    for (let i = 0; i < mean.length; i++) mean[i]! += steepness * gradient[i]!
  }
  const stars = folded.shares(mean)
  const [score, start] = [ratingAt(x), ratingAt(prior.mean)]
  const explained = stars.reduce((sum, value) => sum + value, start)
  return { score, prior: start, stars, remainder: score - explained }
}
