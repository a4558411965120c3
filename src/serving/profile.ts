import { starOf } from '../model/data/rating-scale.ts'
import { type OwnRatings, ownRatings } from '../model/data/ratings.ts'
import { type Model, userBiasOf } from '../model/model.ts'
import { type Basis, basisOf } from '../model/scorer.ts'
import type { ProductQuery } from '../numeric/search/product-index.ts'
import { vectorsOf } from './changed-vectors.ts'
import { countedRatings, type GivenRating, refuseOffScale } from './given-ratings.ts'
import type { ChangedVectors, RememberedUser } from './live/changed-users.ts'
import { type NewMovie, ratingOfNew, trainedSide, type UserSide } from './new-movies/new-movies.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * A profile: somebody for whom lists are made and ratings predicted, known to the model, folded in,
 * or neither.
 */
export type Profile = {
  /** Names whom it is of and, where they came with the question, the ratings. */
  readonly key: string
  /** Null for somebody whose ratings came with the question. */
  readonly userId: string | null
  /** The basis of predictions of the model's movies. */
  readonly basis: Basis
  /** −1 where the model does not know them. */
  readonly userIndex: number
  /** How many ratings were folded in; not there for a user of the model. */
  readonly ratings?: number
  /** The vector that they were folded into; null for a user of the model, and for nobody known. */
  readonly vector: Float64Array | null
  /** Their ratings of the model's movies. */
  readonly own: OwnRatings
  /** Movies that they rated and the model does not know. */
  readonly unknownMovieIds: readonly string[]
  /**
   * The rating in rating units and what it rests on; −1 stands for a movie that the model does not know.
   */
  predict(movieIndex: number): { rating: number; basis: Basis }
  /** The same of a movie that the model does not know and somebody told of. */
  predictNew(movie: NewMovie): { rating: number; basis: Basis }
  /** The rating of such a movie before it is put into the scale. */
  scoreNew(movie: NewMovie): number
  /** Whether a list is in the order of the baseline's biases, nothing being known of them. */
  readonly isUnknown: boolean
  /** The rating before it is put into the scale. */
  score(movieIndex: number): number
  /** The rating of every movie before it is put into the scale, into `out` [movies]. */
  scoreAll(out: Float32Array): void
  /** The query for the index of the ratings; no use to a network. */
  readonly query: ProductQuery
  /** Their vector in the ranking; null where the model has none. */
  readonly rankingVector: Float32Array | null
}

type Who = Pick<Profile, 'key' | 'userId'>

/** The part of a profile that predicts ratings. */
export type RatingProfile = Pick<Profile, 'userIndex' | 'ratings' | 'predict' | 'predictNew'>

/**
 * The user of this id, from all that is known by now: one of whom something was told that the model
 * did not have is folded in again. One of whom nothing is known is answered from the movies alone.
 */
export function profileOf(snapshot: Snapshot, userId: string): Profile | Promise<Profile> {
  const who = { key: `user ${userId}`, userId }
  const changed = snapshot.changedUsers.find(userId)
  if (changed) return changedProfile(snapshot, who, changed)
  return profileAt(snapshot, who, snapshot.model.users.indexOf(userId))
}

/** The user of this id for one prediction: what only lists need would cost more than that. */
export function ratingProfileOf(
  snapshot: Snapshot,
  userId: string,
): RatingProfile | Promise<RatingProfile> {
  const changed = snapshot.changedUsers.find(userId)
  if (changed) return changedProfile(snapshot, { key: `user ${userId}`, userId }, changed)
  const { model, scorer } = snapshot
  const user = model.users.indexOf(userId)
  return {
    userIndex: user,
    predictNew: (movie) =>
      newMoviesFor(model, trainedSide(model, user), trainedBias(model, user)).predictNew(movie),
    predict: predictionsOf(model, (movie) => scorer.predict(user, movie), user),
  }
}

/**
 * Ratings to four decimals of a star, the same wherever they are asked for: no model knows more of
 * them, and with all the digits of a double a long answer would be a sixth longer.
 */
function rounding({ ratingScale }: Model): (rating: number) => number {
  const steps = 10 ** Math.max(0, 4 - Math.floor(Math.log10(starOf(ratingScale))))
  return (rating) => Math.round(rating * steps) / steps
}

function predictionsOf(model: Model, ratingOf: (movie: number) => number, user: number) {
  const asShown = rounding(model)
  return (movie: number) => {
    return { rating: asShown(ratingOf(movie)), basis: basisOf(user, movie) }
  }
}

/** Ratings of movies that the model does not know, for a user by what the model knows of them. */
function newMoviesFor(model: Model, user: UserSide, userBias: number | null) {
  const [lowest, highest] = model.ratingScale
  const asShown = rounding(model)
  const scoreNew = (movie: NewMovie) => ratingOfNew(model, user, userBias, movie)
  return {
    scoreNew,
    predictNew(movie: NewMovie): { rating: number; basis: Basis } {
      const rating = Math.min(highest, Math.max(lowest, scoreNew(movie)))
      return { rating: asShown(rating), basis: 'new-movie' }
    },
  }
}

function trainedBias({ baseline }: Model, user: number): number | null {
  return user < 0 ? null : baseline.userBias[user]!
}

/**
 * The user of this index; −1 stands for one that the model does not know. Here and below members are
 * written out: spreads are the dearest step of a profile.
 */
function profileAt(
  { model, scorer, ranker }: Snapshot,
  { key, userId }: Who,
  user: number,
  unknownMovieIds: readonly string[] = [],
): Profile {
  const { columns, data } = model.userFactors
  const scores = scorer.ofUser(user)
  const side = trainedSide(model, user)
  const { scoreNew, predictNew } = newMoviesFor(model, side, trainedBias(model, user))
  return {
    key,
    userId,
    basis: basisOf(user, 0),
    userIndex: user,
    vector: null,
    unknownMovieIds,
    own: ownRatings(model, user),
    predict: predictionsOf(model, scores.predict, user),
    isUnknown: user < 0,
    scoreNew,
    predictNew,
    score: scores.score,
    scoreAll: scores.scoreAll,
    query: side ?? { vector: data.subarray(0, columns), offset: 0 },
    rankingVector: ranker?.vectorOf(user) ?? null,
  }
}

/**
 * Somebody of whom only these ratings are known; of two of one movie the later counts, and those of
 * movies that the model does not know do not. Nothing is kept. An `invalid-request` error for a
 * rating off the scale that visitors have; nobody known, as far as the model goes, when none counts.
 */
export function foldedProfile(
  snapshot: Snapshot,
  ratings: readonly GivenRating[],
): Profile | Promise<Profile> {
  const { model } = snapshot
  refuseOffScale(model, ratings)
  const { key, own: now, unknownMovieIds } = countedRatings(model, ratings)
  const before = ownRatings(model, -1)
  return changedProfile(
    snapshot,
    { key, userId: null },
    { userIndex: -1, before, now, unknownMovieIds, vectors: null },
  )
}

/** Somebody of whom these ratings are known now, whatever the model knew; at once where few are folded in. */
function changedProfile(
  snapshot: Snapshot,
  who: Who,
  user: RememberedUser,
): Profile | Promise<Profile> {
  const { now, unknownMovieIds } = user
  if (now.rating.length === 0) return profileAt(snapshot, who, -1, unknownMovieIds)
  user.vectors ??= vectorsOf(snapshot, user)
  if (!(user.vectors instanceof Promise)) return profileBy(snapshot, who, user, user.vectors)
  return user.vectors.then(
    (vectors) => profileBy(snapshot, who, user, vectors),
    (error: unknown) => {
      // The next one tries again.
      user.vectors = null
      throw error
    },
  )
}

function profileBy(
  { model, scorer }: Snapshot,
  { key, userId }: Who,
  { now: own, unknownMovieIds }: RememberedUser,
  { x, ranking }: ChangedVectors,
): Profile {
  const k = model.userFactors.columns
  const query = { vector: new Float32Array(k), offset: x[k] ?? 0 }
  for (let i = 0; i < k; i++) query.vector[i] = x[i]!
  const scores = scorer.of(query.vector, query.offset)
  const userBias = userBiasOf(model, own)
  const [lowest, highest] = model.ratingScale
  const asShown = rounding(model)
  const { scoreNew, predictNew } = newMoviesFor(model, query, userBias)
  return {
    key,
    userId,
    basis: 'folded-in',
    userIndex: -1,
    ratings: own.rating.length,
    vector: x,
    own,
    unknownMovieIds,
    predict(movie) {
      if (movie >= 0) return { rating: asShown(scores.predict(movie)), basis: 'folded-in' }
      const rating = Math.min(highest, Math.max(lowest, model.baseline.mean + userBias))
      return { rating: asShown(rating), basis: 'user-bias' }
    },
    isUnknown: false,
    scoreNew,
    predictNew,
    score: scores.score,
    scoreAll: scores.scoreAll,
    query,
    rankingVector: ranking,
  }
}
