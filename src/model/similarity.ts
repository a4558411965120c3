import { dot } from '../numeric/linear/dot.ts'
import type { Matrix } from '../numeric/linear/matrix.ts'
import { rowNorms } from '../numeric/linear/row-norms.ts'
import { type BitSet, forEachIn } from '../numeric/search/bit-set.ts'
import type { Model } from './model.ts'

/** Vectors with their lengths [rows]. */
type Vectors = { readonly factors: Matrix; readonly lengths: Float32Array }

/** The movies or the users of a model, to be compared with each other: arrays alone. */
export type Comparison = {
  /** The rating factors, those of the ranking, or null where the model has none. */
  readonly rating: Vectors
  readonly ranking: Vectors | null
  /** [rows] how many ratings are behind each */
  readonly ratings: Uint32Array
  /** [rows] 0 to 1: what the cosine of each is multiplied by, and what is added to it */
  readonly weight: Float32Array
  readonly bonus: Float32Array
}

/** Of how many genres each movie is, and which movies have those of the one that is asked about. */
export type GenresBeside = {
  /** [movies] */
  readonly counts: Uint8Array
  readonly ofChosen: readonly BitSet[]
}

/** A row with fewer ratings than that is compared by its rating factors and genres, too. */
const enoughRatings = 10
/** So much more alike than movies without a genre in common are those of the same genres. */
const genreGain = 0.25
/** The same for a movie without ratings. */
const genreGainUnrated = 2
/** What being liked by all adds to the similarity, beside the cosine. */
const popularityGain = 0.4
/** So many ratings halve what a user's similarity loses for want of them. */
const userShrinkage = 2

/**
 * The movies, compared as (cosine · p^0.1 + 0.4·√p) / 1.4 with p = (1 + likes) / (1 + most likes).
 * Cosine alone puts movies first that three people liked, the product of the factors everywhere
 * the same best known ones.
 */
export function compareMovies(
  { movieFactors, ranking }: Pick<Model, 'movieFactors' | 'ranking'>,
  ratings: Uint32Array,
  likes: Uint32Array,
): Comparison {
  const most = likes.reduce((highest, count) => Math.max(highest, count), 0)
  const popularity = Float64Array.from(likes, (count) => (1 + count) / (1 + most))
  const weight = Float32Array.from(popularity, (p) => p ** 0.1 / (1 + popularityGain))
  const bonus = Float32Array.from(
    popularity,
    (p) => (popularityGain * Math.sqrt(p)) / (1 + popularityGain),
  )
  return comparison(movieFactors, ranking?.movieFactors ?? null, { ratings, weight, bonus })
}

/** The users, compared as cosine · n / (n + 2) for n ratings. */
export function compareUsers(
  { userFactors, ranking }: Pick<Model, 'userFactors' | 'ranking'>,
  ratings: Uint32Array,
): Comparison {
  const weight = Float32Array.from(ratings, (count) => count / (count + userShrinkage))
  const bonus = new Float32Array(ratings.length)
  return comparison(userFactors, ranking?.userFactors ?? null, { ratings, weight, bonus })
}

function comparison(
  rating: Matrix,
  ranking: Matrix | null,
  rest: Pick<Comparison, 'ratings' | 'weight' | 'bonus'>,
): Comparison {
  const vectors = (factors: Matrix) => ({ factors, lengths: rowNorms(factors) })
  return { rating: vectors(rating), ranking: ranking && vectors(ranking), ...rest }
}

/**
 * How alike the chosen row and each other is, −1 to 1, into `out` [rows]:
 *
 *   ((t·cos_ranking + (1 − t)·cos_rating) · weight + bonus) · (1 + g·J) / (1 + g)
 *
 * with the cosines of both pairs of factors; t = min(1, n / 10) for n ratings of the chosen row, or
 * 0 without a ranking; J the genres that two movies share over those that either has; and g from 2
 * without ratings to ¼ with ten. Without `genres` the last factor is left out. O(rows · columns).
 */
export function similaritiesTo(
  { rating, ranking, ratings, weight, bonus }: Comparison,
  chosen: number,
  genres: GenresBeside | null,
  out: Float32Array,
): void {
  const known = Math.min(1, ratings[chosen]! / enoughRatings)
  const trust = ranking ? known : 0
  out.fill(0)
  if (ranking && trust > 0) addCosines(ranking, chosen, trust, out)
  if (trust < 1) addCosines(rating, chosen, 1 - trust, out)
  for (let row = 0; row < out.length; row++) out[row] = out[row]! * weight[row]! + bonus[row]!
  if (genres) weighByGenres(genres, known * genreGain + (1 - known) * genreGainUnrated, out)
}

/** Adds the cosines times a factor; nothing where one has no length. */
function addCosines({ factors, lengths }: Vectors, chosen: number, by: number, out: Float32Array) {
  const { data, columns: k } = factors
  for (let row = 0; row < out.length; row++) {
    const product = lengths[row]! * lengths[chosen]!
    if (!(product > 0)) continue
    // Rounding may lead a little beyond 1.
    const cosine = dot(data, row * k, data, chosen * k, k) / product
    out[row]! += by * Math.max(-1, Math.min(1, cosine))
  }
}

function weighByGenres({ counts, ofChosen }: GenresBeside, gain: number, out: Float32Array): void {
  const shared = new Uint8Array(out.length)
  for (const movies of ofChosen) forEachIn(movies, (movie) => void shared[movie]!++)
  for (let movie = 0; movie < out.length; movie++) {
    const either = ofChosen.length + counts[movie]! - shared[movie]!
    const part = either === 0 ? 0 : shared[movie]! / either
    out[movie]! *= (1 + gain * part) / (1 + gain)
  }
}
