import { MarqueeError } from '../../errors.ts'
import {
  likeThreshold,
  type RatingScale,
  ratingScaleOf,
  tameRating,
  visitorScale,
} from '../../model/data/rating-scale.ts'
import {
  picked,
  pickRows,
  type RatedMovies,
  type Ratings,
  ratedMovies,
} from '../../model/data/ratings.ts'
import { countRecent, type RecentRatings } from '../../model/data/recent-ratings.ts'
import { type Vocabulary, VocabularyBuilder } from '../../model/data/vocabulary.ts'
import type { TrainingSpec } from '../../model/spec/training-spec.ts'
import { renamed } from '../../numeric/counting.ts'
import { randomSplit } from './random-split.ts'
import { refuseOverlap } from './refuse-overlap.ts'
import { pairUse, splitAgain } from './split-again.ts'
import { splitRatings } from './split-ratings.ts'

/** Rows [rows] to measure on, in a model's indices: −1 for a user or movie it does not know. */
export type EvaluationRows = {
  readonly userIndex: Int32Array
  readonly movieIndex: Int32Array
  readonly rating: Float32Array
}

export type TrainingData = {
  /** Rows that weights are fitted to. Their vocabularies, of these alone, are the model's. */
  readonly train: Ratings
  /** The rows to measure on, in vocabularies of their own; null where nothing is held out. */
  readonly heldOut: Ratings | null
  /** Training rows set apart for early stopping; null without it. */
  readonly inner: EvaluationRows | null
  /** All ratings of the model's users and movies, held out or not. */
  readonly rated: RatedMovies
  /** The declared scale, or that of the training rows. */
  readonly scale: RatingScale
  /** What a visitor's rating may be, whatever the unit that rows are in. */
  readonly visitorScale: RatingScale
  /** From this rating on, a movie counts as liked, by the training rows. */
  readonly likedFrom: number
  /** How often the model's movies were rated lately; null where the ratings have no times. */
  readonly recent: RecentRatings | null
}

/** The rows of a training, by number: fitted, set apart for early stopping, held out. */
export type DividedRows = Record<'train' | 'inner' | 'heldOut', Uint32Array>

type Divided = Pick<TrainingSpec, 'split' | 'earlyStopping' | 'seed'>

/**
 * Divides rows; where `uses` [rows] tells what an earlier training used them for, those that it held
 * out or set apart at random stay so. A `no-ratings` error when a part that is wanted is left empty.
 */
export function divideRows(
  ratings: Ratings,
  test: Ratings | undefined,
  spec: Divided,
  uses?: Int8Array,
): DividedRows {
  const total = ratings.rating.length
  if (total === 0) throw new MarqueeError('no-ratings', 'There are no ratings to train on.')
  const outer = test ? randomSplit(total, 0, spec.seed, 'split') : splitRatings(ratings, spec, uses)
  const share = spec.earlyStopping?.share ?? 0
  const { kept, heldOut } =
    uses && share > 0
      ? splitAgain(innerUses(uses, outer.kept), pairUse.fitted, share, spec.seed, 'early-stopping')
      : randomSplit(outer.kept.length, share, spec.seed, 'early-stopping')
  if (spec.earlyStopping && heldOut.length === 0)
    throw new MarqueeError('no-ratings', tooFewFor('early stopping', total))
  if (kept.length === 0) throw new MarqueeError('no-ratings', tooFewFor('training', total))
  const [train, inner] = [picked(outer.kept, kept), picked(outer.kept, heldOut)]
  return { train, inner, heldOut: outer.heldOut }
}

/** Rows that were held out, but are not any more, are new to early stopping. */
function innerUses(uses: Int8Array, kept: Uint32Array): Int8Array {
  return Int8Array.from(kept, (row) =>
    uses[row] === pairUse.heldOut ? pairUse.unseen : uses[row]!,
  )
}

/**
 * Divides ratings into the rows of a training, see `divideRows`. With `test`, its rows are held out
 * and `split` is not looked at. An `invalid-request` error when `test` and `ratings` share a pair.
 */
export function prepareTrainingData(
  ratings: Ratings,
  test: Ratings | undefined,
  spec: Divided,
  uses?: Int8Array,
): TrainingData {
  if (test) refuseOverlap(ratings, test)
  const rows = divideRows(ratings, test, spec, uses)
  const seen = reindexed(ratings, rows.train)
  const scale = ratings.declaredScale ?? ratingScaleOf(seen.rating)
  const tamed = <Rows extends { readonly rating: Float32Array }>(rows: Rows): Rows => {
    const isTame = rows.rating.every((rating) => tameRating(rating, scale) === rating)
    return isTame ? rows : { ...rows, rating: rows.rating.map((one) => tameRating(one, scale)) }
  }
  const train = tamed(seen)
  const reported = tamed(test ?? pickRows(ratings, rows.heldOut))
  const all = (test ? [ratings, test] : [ratings]).map(tamed)
  return {
    train,
    heldOut: reported.rating.length > 0 ? reported : null,
    inner: spec.earlyStopping ? knownTo(train, tamed(pickRows(ratings, rows.inner))) : null,
    rated: ratedOf(
      train,
      all.map((part) => knownTo(train, part)),
    ),
    visitorScale: ratings.declaredScale ?? visitorScale(scale),
    ...{ scale, likedFrom: likeThreshold(train.rating, scale) },
    recent: countRecent(train.movies, all),
  }
}

function tooFewFor(purpose: string, total: number): string {
  return `Of ${total} ratings none is left for ${purpose} after the split.`
}

/** The chosen rows with vocabularies of their own, in order of first sight. */
function reindexed(source: Ratings, rows: Uint32Array): Ratings {
  const userIndex = picked(source.userIndex, rows)
  const movieIndex = picked(source.movieIndex, rows)
  return {
    ...{ userIndex, users: renumber(userIndex, source.users) },
    ...{ movieIndex, movies: renumber(movieIndex, source.movies) },
    rating: picked(source.rating, rows),
    timestamp: picked(source.timestamp, rows),
  }
}

/** Writes new numbers over those of `index`, in order of first sight, and gives their vocabulary. */
function renumber(index: Uint32Array, source: Vocabulary): Vocabulary {
  const builder = new VocabularyBuilder()
  const newIndex = new Int32Array(source.size).fill(-1)
  for (let i = 0; i < index.length; i++) {
    const old = index[i]!
    if (newIndex[old]! < 0) newIndex[old] = builder.add(source.idOf(old))
    index[i] = newIndex[old]!
  }
  return builder.build()
}

/** Ratings in the indices of a model's vocabularies. */
export function knownTo(
  known: Pick<Ratings, 'users' | 'movies'>,
  { users, movies, userIndex, movieIndex, rating }: Ratings,
): EvaluationRows {
  const userOf = Int32Array.from(users.ids, (id) => known.users.indexOf(id))
  const movieOf = Int32Array.from(movies.ids, (id) => known.movies.indexOf(id))
  return {
    userIndex: renamed(userIndex, userOf),
    movieIndex: renamed(movieIndex, movieOf),
    rating,
  }
}

/** The rows of all parts by user, without those of a user or movie that is not known. */
export function ratedOf(
  { users, movies }: Pick<Ratings, 'users' | 'movies'>,
  parts: readonly EvaluationRows[],
): RatedMovies {
  const size = parts.reduce((sum, part) => sum + part.rating.length, 0)
  const userIndex = new Uint32Array(size)
  const movieIndex = new Uint32Array(size)
  const rating = new Float32Array(size)
  let next = 0
  for (const part of parts)
    for (let row = 0; row < part.rating.length; row++) {
      if (part.userIndex[row]! < 0 || part.movieIndex[row]! < 0) continue
      userIndex[next] = part.userIndex[row]!
      movieIndex[next] = part.movieIndex[row]!
      rating[next] = part.rating[row]!
      next++
    }
  return ratedMovies({
    users,
    movies,
    userIndex: userIndex.subarray(0, next),
    movieIndex: movieIndex.subarray(0, next),
    rating: rating.subarray(0, next),
    timestamp: new Uint32Array(next),
  })
}
