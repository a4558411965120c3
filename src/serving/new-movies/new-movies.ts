import type { Model } from '../../model/model.ts'
import { expectedOf } from '../../model/new-movies/attribute-prior.ts'
import type { Snapshot } from '../snapshot.ts'
import { labelsOf } from './movie-priors.ts'

/** A movie that the model does not know, as its attributes and first ratings let expect. */
export type NewMovie = {
  readonly movieId: string
  /** [k] and the bias; null where a network makes more of them than a product */
  readonly factors: Float64Array | null
  readonly bias: number
  /** The damped bias, in rating units. */
  readonly baseline: number
  /** [k] in the ranking; null without one */
  readonly ranking: Float64Array | null
  /** By how much its ratings are above what was expected of them, in rating units. */
  readonly surplus: number
}

/** As if so many ratings had been as was expected. */
const damping = 3
/** So many ratings say what a movie is like; at once, since a request waits for them. */
const mostRatings = 500

/** A known user's side of a product; null of somebody of whom nothing is known. */
export type UserSide = { readonly vector: Float32Array; readonly offset: number } | null

/** The movie, or null where neither the catalogue nor any rating tells of it. */
export function newMovieOf(snapshot: Snapshot, movieId: string): NewMovie | null {
  const { model, catalogue, live, moviePriors } = snapshot
  const facts = catalogue.find(movieId)
  const ratings = live.ratingsOfNew(movieId)
  if (!facts && ratings.length === 0) return null
  const expected = expectedOf(moviePriors, labelsOf(facts?.genres ?? [], facts?.year ?? null))
  const k = model.layers.length > 0 ? 0 : model.movieFactors.columns
  const movie: NewMovie = {
    movieId,
    factors: k > 0 ? expected.subarray(0, k) : null,
    bias: expected[k]!,
    baseline: expected[k + 1]!,
    ranking: model.ranking && expected.subarray(k + 2),
    surplus: 0,
  }
  let sum = 0
  const counted = ratings.slice(0, mostRatings)
  for (const { userId, rating } of counted)
    sum += rating - ratingOfNew(model, trainedSide(model, userId), null, movie)
  return { ...movie, surplus: sum / (damping + counted.length) }
}

/**
 * The rating before it is put into the scale: r̂(u·v + b_u + b_m), or μ + b_u + b_m of the damped
 * biases for a network and where the user is not known, and the surplus. Held-out movies of
 * MovieLens 100K have an RMSE of 1.07 by that, 0.96 with five ratings and 0.94 with ten; by the
 * damped biases of their attributes 1.07, 0.98 and 0.96, without attributes 1.19, 0.99 and 0.97.
 */
export function ratingOfNew(
  { baseline, ratingRange }: Pick<Model, 'baseline' | 'ratingRange'>,
  user: UserSide,
  userBias: number | null,
  { factors, bias, baseline: movieBias, surplus }: NewMovie,
): number {
  if (!user || !factors) return baseline.mean + (userBias ?? 0) + movieBias + surplus
  let z = user.offset + bias
  for (let i = 0; i < factors.length; i++) z += user.vector[i]! * factors[i]!
  if (!ratingRange) return z + surplus
  const [lowest, highest] = ratingRange
  return lowest + (highest - lowest) / (1 + Math.exp(-z)) + surplus
}

/** A user of the model as training left them. */
function trainedSide({ users, userFactors, userBias }: Model, userId: string): UserSide {
  const user = users.indexOf(userId)
  if (user < 0) return null
  const { columns, data } = userFactors
  return {
    vector: data.subarray(user * columns, (user + 1) * columns),
    offset: userBias?.[user] ?? 0,
  }
}
