import type { ListOrder } from '../../model/ranker.ts'
import { dot } from '../../numeric/linear/dot.ts'
import { foldText } from '../catalogue/fold-text.ts'
import type { NewMovie } from '../new-movies/new-movies.ts'
import type { Profile } from '../profile.ts'
import type { Snapshot } from '../snapshot.ts'
import type { AllowedMovies } from './allowed-movies.ts'

/** A movie that the model does not know, and what it is ordered by. */
export type RankedNew = { readonly fresh: NewMovie; readonly score: number }

/** The allowed movies that the model does not know, best first, equal ones in their order. */
export function freshMovies(
  snapshot: Snapshot,
  profile: Profile,
  orderBy: ListOrder,
  wanted: AllowedMovies,
  least: number | null,
): RankedNew[] {
  const isAllowed = allows(snapshot, profile, wanted)
  const { rankingVector, scoreNew, predictNew } = profile
  const scoreOf = (movie: NewMovie) =>
    orderBy === 'relevance' && rankingVector
      ? dot(rankingVector, 0, movie.ranking!, 0, rankingVector.length)
      : scoreNew(movie)
  return snapshot.newMovies
    .all()
    .filter((movie) => isAllowed(movie.movieId))
    .filter((movie) => least === null || predictNew(movie).rating >= least)
    .map((fresh) => ({ fresh, score: Math.fround(scoreOf(fresh)) }))
    .sort((a, b) => b.score - a.score)
}

function allows(
  { catalogue, live }: Snapshot,
  { unknownMovieIds }: Profile,
  wanted: AllowedMovies,
): (movieId: string) => boolean {
  const { genres, yearFrom, yearTo, minRatings = 0, candidateMovieIds } = wanted
  const candidates = candidateMovieIds && new Set(candidateMovieIds)
  const excluded = new Set([
    ...(wanted.excludeMovieIds ?? []),
    ...(wanted.excludeRated ? unknownMovieIds : []),
  ])
  const names = genres && new Set(genres.map(foldText))
  return (movieId) => {
    if (excluded.has(movieId) || (candidates && !candidates.has(movieId))) return false
    if (minRatings > 0 && live.ofNewMovie(movieId).ratings < minRatings) return false
    if (!names && yearFrom === undefined && yearTo === undefined) return true
    const { genres: own = [], year = null } = catalogue.find(movieId) ?? {}
    if (names && !own.some((name) => names.has(foldText(name)))) return false
    return year === null
      ? yearFrom === undefined && yearTo === undefined
      : year >= (yearFrom ?? year) && year <= (yearTo ?? year)
  }
}
