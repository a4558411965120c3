import type { LivePosition } from '../../live/live-event.ts'
import type { Model } from '../../model/model.ts'
import { expectedOf } from '../../model/new-movies/attribute-prior.ts'
import { topN } from '../../numeric/search/top-n.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { LiveView } from '../live/live-view.ts'
import { labelsOf, type MoviePriors, manyShare } from './movie-priors.ts'

/** A movie that the model does not know, as its attributes and first ratings let expect. */
export type NewMovie = {
  readonly movieId: string
  /** [k] and the bias; null where a network makes more of them than a product */
  readonly factors: Float64Array | null
  readonly bias: number
  /** The damped bias, in rating units. */
  readonly baseline: number
  /** [k] in the ranking; null without one */
  readonly ranking: Float32Array | null
  /** By how much its ratings are above what was expected of them, in rating units. */
  readonly surplus: number
}

/** As if so many ratings had been as was expected. */
const damping = 3
/** So many ratings say what a movie is like; at once, since a request waits for them. */
const mostRatings = 500

const mostListed = 1_000

/** A known user's side of a product; null of somebody of whom nothing is known. */
export type UserSide = { readonly vector: Float32Array; readonly offset: number } | null

/** The movies that the model does not know; each is worked out anew when it was rated. */
export type NewMovies = {
  /** The movie, or null where neither the catalogue nor any rating tells of it. */
  find(movieId: string): NewMovie | null
  /**
   * Those that lists may show, by id: somebody rated or described them since the model's data. Of
   * more than a thousand, those that most rated: every list puts them all in order.
   */
  all(): readonly NewMovie[]
}

/** What a snapshot has that tells of them. */
type Known = {
  readonly model: Model
  readonly moviePriors: MoviePriors
  readonly catalogue: Catalogue
  readonly live: LiveView
}

/** The new movies beside a model, a catalogue and what is told, also of these movies' facts. */
export function createNewMovies(known: Known, toldMovieIds: Iterable<string>): NewMovies {
  const { model, catalogue, live } = known
  const found = new Map<string, { told: number; movie: NewMovie }>()
  const find = (movieId: string) => {
    const told = live.toldOfMovie(movieId)?.seq ?? 0
    const before = found.get(movieId)
    if (before?.told === told) return before.movie
    const movie = newMovieOf(known, movieId)
    if (movie) found.set(movieId, { told, movie })
    return movie
  }
  let all: { told: LivePosition | null; movies: NewMovie[] } | null = null
  const listed = () => {
    const isListed = (id: string) => model.movies.indexOf(id) < 0 && !catalogue.isHidden(id)
    const ids = [...new Set([...live.newMovieIds, ...toldMovieIds].filter(isListed))]
    const ratings = Float32Array.from(ids, (id) => live.ofNewMovie(id).ratings)
    const chosen = topN(ratings, mostListed).map((i) => ids[i]!)
    return chosen.sort().flatMap((id) => find(id) ?? [])
  }
  return {
    find,
    all() {
      const told = live.newestOfNew
      if (all?.told !== told) all = { told, movies: listed() }
      return all.movies
    },
  }
}

function newMovieOf(
  { model, moviePriors, catalogue, live }: Known,
  movieId: string,
): NewMovie | null {
  const facts = catalogue.find(movieId)
  const ratings = live.ratingsOfNew(movieId)
  if (!facts && ratings.length === 0) return null
  const labels = labelsOf(facts?.genres ?? [], facts?.year ?? null)
  const expected = expectedOf(moviePriors.rating, labels)
  const k = model.layers.length > 0 ? 0 : model.movieFactors.columns
  const movie: NewMovie = {
    movieId,
    factors: k > 0 ? expected.subarray(0, k) : null,
    bias: expected[k]!,
    baseline: expected[k + 1]!,
    ranking: model.ranking && rankingOf(moviePriors, labels, ratings.length),
    surplus: 0,
  }
  let sum = 0
  const counted = ratings.slice(0, mostRatings)
  for (const { userId, rating } of counted)
    sum += rating - ratingOfNew(model, trainedSide(model, model.users.indexOf(userId)), null, movie)
  return { ...movie, surplus: sum / (damping + counted.length) }
}

/** As movies with such labels and about as many ratings are ranked. */
function rankingOf(
  { ranking }: MoviePriors,
  labels: readonly string[],
  ratings: number,
): Float32Array {
  const [many, few] = [expectedOf(ranking.many, labels), expectedOf(ranking.few, labels)]
  const share = manyShare(ratings)
  return Float32Array.from(few, (value, i) => (1 - share) * value + share * many[i]!)
}

/**
 * The rating before it is put into the scale: r̂(u·v + b_u + b_m), or μ + b_u + b_m of the damped
 * biases for a network and where the user is not known, and the surplus.
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
export function trainedSide({ userFactors, userBias }: Model, user: number): UserSide {
  if (user < 0) return null
  const { columns, data } = userFactors
  return {
    vector: data.subarray(user * columns, (user + 1) * columns),
    offset: userBias?.[user] ?? 0,
  }
}
