import type { ListOrder } from '../../model/ranker.ts'
import type { Basis } from '../../model/scorer.ts'
import { dot } from '../../numeric/linear/dot.ts'
import { diversify } from '../../numeric/search/diversify.ts'
import { positionText } from '../live/positions.ts'
import type { NewMovie } from '../new-movies/new-movies.ts'
import type { Profile } from '../profile.ts'
import { type MovieSummary, type Snapshot, summaryOf } from '../snapshot.ts'
import { type AllowedMovies, allowedMovies, unknownMovies } from './allowed-movies.ts'
import { bestMovies, type Ranked } from './best-movies.ts'
import { freshMovies, type RankedNew } from './fresh-movies.ts'
import { leastLiked } from './liked-enough.ts'
import { decodeCursor, encodeCursor, type ListIdentity } from './list-cursor.ts'

/**
 * So many of the best are put in order anew for the sake of diversity; what is behind them stays.
 */
const diversified = 500

type Listed = Ranked | RankedNew

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
  // Who names candidates, or asks for what was rated too, wants them in order, whatever is predicted.
  const { excludeDisliked, excludeRated, candidateMovieIds } = wanted
  const asksAll = !excludeDisliked || !excludeRated || candidateMovieIds !== undefined
  const least = asksAll ? null : leastLiked(snapshot, profile)
  const isWanted = least === null ? null : (movie: number) => profile.predict(movie).rating >= least
  const fresh = freshMovies(snapshot, profile, orderBy, wanted, least)
  const first = (count: number) => {
    const known = bestMovies(snapshot, profile, orderBy, count, allowed, isWanted)
    return fresh.length === 0 ? known : merged(known, fresh, count)
  }
  // One more than is shown tells whether there is a next page.
  const best = spread(snapshot, first, from + n + 1, wanted.diversity ?? 0)
  return {
    basis: profile.basis,
    orderBy,
    items: best.slice(from, from + n).map((one) => {
      const { score } = one
      if ('fresh' in one) return { ...newItem(snapshot, profile, one.fresh), score }
      const { movie } = one
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

/** A movie that the model does not know as an item of a list. */
function newItem({ catalogue, live }: Snapshot, profile: Profile, movie: NewMovie) {
  const { movieId } = movie
  const facts = catalogue.find(movieId)
  const { title = null, displayTitle = null, year = null, genres = [] } = facts ?? {}
  const { rating } = profile.predictNew(movie)
  const { ratings } = live.ofNewMovie(movieId)
  return { movieId, title, displayTitle, year, genres, rating, ratings }
}

/** Both in one order by score, of equal ones those of the model first. */
function merged(known: readonly Ranked[], fresh: readonly RankedNew[], count: number): Listed[] {
  const all: Listed[] = [...known, ...fresh.slice(0, count)]
  return all.sort((a, b) => b.score - a.score).slice(0, count)
}

/** The first `count` movies, like ones set apart; what comes first does not depend on the count. */
function spread(
  snapshot: Snapshot,
  first: (count: number) => Listed[],
  count: number,
  diversity: number,
): Listed[] {
  if (diversity === 0) return first(count)
  const best = first(Math.max(count, diversified))
  const pool = best.slice(0, diversified)
  const [highest, lowest] = [pool[0]?.score ?? 0, pool.at(-1)?.score ?? 0]
  const relevance = pool.map(({ score }) => (score - lowest) / (highest - lowest || 1))
  const similarity = (a: number, b: number) => cosine(snapshot, pool[a]!, pool[b]!)
  const order = diversify(relevance, similarity, diversity, Math.min(count, diversified))
  return [...order.map((place) => pool[place]!), ...best.slice(diversified)].slice(0, count)
}

/** The cosine of the angle between the factors of two movies; 0 where one has none, or is new. */
function cosine({ comparedMovies }: Snapshot, one: Listed, other: Listed): number {
  if ('fresh' in one || 'fresh' in other) return 0
  const [a, b] = [one.movie, other.movie]
  const { factors, lengths } = comparedMovies.rating
  const { columns: k, data } = factors
  const norms = lengths[a]! * lengths[b]!
  return norms > 0 ? dot(data, a * k, data, b * k, k) / norms : 0
}

/**
 * The identity of a list; a new catalogue matters only where it is asked, or where movies were told,
 * and what is told of ratings only of this user and of new movies.
 */
function identityOf(
  { version, catalogue, live, edit, imports }: Snapshot,
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
  const ofUser = userId === null ? null : live.toldOfUser(userId)
  const told = minRatings > 0 ? [live.newest] : [ofUser, live.newestOfNew]
  const parts = told.flatMap((position) => (position ? [`rating ${positionText(position)}`] : []))
  const asksCatalogue = genres !== null || yearFrom !== null || yearTo !== null
  if (asksCatalogue) parts.push(`catalogue ${catalogue.version}`)
  if (edit) parts.push(`movies ${positionText(edit)}`)
  if (imports) parts.push(`imports ${imports}`)
  return {
    source: [`model ${version}`, ...parts].join(' and '),
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
