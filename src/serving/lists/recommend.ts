import type { ListOrder } from '../../model/ranker.ts'
import type { Basis } from '../../model/scorer.ts'
import { dot } from '../../numeric/linear/dot.ts'
import { diversify } from '../../numeric/search/diversify.ts'
import { positionText } from '../live/positions.ts'
import type { Profile } from '../profile.ts'
import { type MovieSummary, type Snapshot, summaryOf } from '../snapshot.ts'
import { type AllowedMovies, allowedMovies, unknownMovies } from './allowed-movies.ts'
import { bestMovies, type Ranked } from './best-movies.ts'
import { likedEnough } from './liked-enough.ts'
import { decodeCursor, encodeCursor, type ListIdentity } from './list-cursor.ts'

/**
 * So many of the best are put in order anew for the sake of diversity; what is behind them stays.
 */
const diversified = 500

export type RecommendOptions = AllowedMovies & {
  n: number
  orderBy: ListOrder
  /** Whether movies predicted well under the user's own mean are left out; see `likedEnough`. */
  excludeDisliked?: boolean | undefined
  /** 0, the default: by score alone; up to 1: by being unlike what stands before. */
  diversity?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}
export type Recommendations = {
  /** The basis of the ratings: `movie-bias` for a user that the model does not know. */
  basis: Basis
  /** The order of the list: the rating too where the model has no ranking. */
  orderBy: ListOrder
  /** `score` is what the list is ordered by. */
  items: (MovieSummary & { rating: number; score: number; ratings: number })[]
  /** Asks for the next page; null behind the last movie. */
  nextCursor: string | null
  /** Candidates and rated movies that the model does not know: they count for nothing. */
  unknownMovieIds: string[]
}

/**
 * A page of the movies with the highest scores for somebody, best first, equal ones by movie index.
 * Errors as of `decodeCursor`; `at` is the pointer to the options.
 */
export function recommend(
  snapshot: Snapshot,
  profile: Profile,
  wanted: RecommendOptions,
  at = '',
): Recommendations {
  const { n, cursor } = wanted
  const list = identityOf(snapshot, profile, wanted)
  const from = cursor === undefined ? 0 : decodeCursor(list, cursor, `${at}/cursor`)
  const orderBy = profile.rankingVector ? wanted.orderBy : 'rating'
  const allowed = allowedMovies(snapshot, profile, wanted)
  // Candidates were named to be put in order, whatever is predicted.
  const asksAll = !wanted.excludeDisliked || wanted.candidateMovieIds !== undefined
  const isWanted = asksAll ? null : likedEnough(snapshot, profile)
  const first = (count: number) => bestMovies(snapshot, profile, orderBy, count, allowed, isWanted)
  // One more than is shown tells whether there is a next page.
  const best = spread(snapshot, first, from + n + 1, wanted.diversity ?? 0)
  return {
    basis: profile.basis,
    orderBy,
    items: best.slice(from, from + n).map(({ movie, score }) => {
      const { movieId, title, displayTitle, year, genres } = summaryOf(snapshot, movie)
      const { rating } = profile.predict(movie)
      const ratings = snapshot.statistics.ratings[movie]!
      // Written out: a spread is the dearest step of a list.
      return { movieId, title, displayTitle, year, genres, rating, score, ratings }
    }),
    nextCursor: best.length > from + n ? encodeCursor(list, from + n) : null,
    unknownMovieIds: unknownMovies(snapshot, profile, wanted),
  }
}

/** The first `count` movies, like ones set apart; what comes first does not depend on the count. */
function spread(
  snapshot: Snapshot,
  first: (count: number) => Ranked[],
  count: number,
  diversity: number,
): Ranked[] {
  if (diversity === 0) return first(count)
  const best = first(Math.max(count, diversified))
  const pool = best.slice(0, diversified)
  const [highest, lowest] = [pool[0]?.score ?? 0, pool.at(-1)?.score ?? 0]
  const relevance = pool.map(({ score }) => (score - lowest) / (highest - lowest || 1))
  const similarity = (a: number, b: number) => cosine(snapshot, pool[a]!.movie, pool[b]!.movie)
  const order = diversify(relevance, similarity, diversity, Math.min(count, diversified))
  return [...order.map((place) => pool[place]!), ...best.slice(diversified)].slice(0, count)
}

/** The cosine of the angle between the factors of two movies; 0 where one has none. */
function cosine({ comparedMovies }: Snapshot, a: number, b: number): number {
  const { factors, lengths } = comparedMovies.rating
  const { columns: k, data } = factors
  const norms = lengths[a]! * lengths[b]!
  return norms > 0 ? dot(data, a * k, data, b * k, k) / norms : 0
}

/**
 * The identity of a list; a new catalogue matters only where it is asked, or hides movies, and what
 * is told of ratings only where it is told of this user or movies are counted.
 */
function identityOf(
  { version, catalogue, hidden, live }: Snapshot,
  { key, userId }: Profile,
  wanted: RecommendOptions,
): ListIdentity {
  const { genres = null, yearFrom = null, yearTo = null, minRatings = 0, diversity = 0 } = wanted
  const {
    orderBy,
    excludeRated,
    excludeDisliked = false,
    excludeMovieIds = [],
    candidateMovieIds = null,
  } = wanted
  const asksCatalogue = genres !== null || yearFrom !== null || yearTo !== null || hidden !== null
  const told = minRatings > 0 ? live.newest : userId === null ? null : live.toldOfUser(userId)
  const parts = [
    `model ${version}`,
    ...(asksCatalogue ? [`catalogue ${catalogue.version}`] : []),
    ...(told ? [`ratings up to ${positionText(told)}`] : []),
  ]
  return {
    source: parts.join(' and '),
    question: [
      key,
      orderBy,
      excludeRated,
      excludeDisliked,
      excludeMovieIds,
      candidateMovieIds,
      genres,
      yearFrom,
      yearTo,
      minRatings,
      diversity,
    ],
  }
}
