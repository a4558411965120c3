import { MarqueeError } from '../../errors.ts'
import type { Comparison, GenresBeside } from '../../model/similarity.ts'
import { type BitSet, fullBitSet, isIn, removeFrom } from '../../numeric/search/bit-set.ts'
import { type MovieFilter, passingMovies } from '../lists/movie-filter.ts'
import { type MovieSummary, type Snapshot, summaryOf } from '../snapshot.ts'
import type { SimilarRow } from './most-similar.ts'

export type SimilarMovies = { items: (MovieSummary & { similarity: number; ratings: number })[] }
export type SimilarUsers = { items: { userId: string; similarity: number; ratings: number }[] }

/**
 * The movies that are most alike this one (`similaritiesTo`), equal ones by index. An `unknown-movie` error for one that the model does not know.
 */
export async function similarMovies(
  snapshot: Snapshot,
  movieId: string,
  { n, ...filter }: MovieFilter & { n: number },
): Promise<SimilarMovies> {
  const { model, comparedMovies, live } = snapshot
  const movie = model.movies.indexOf(movieId)
  if (movie < 0)
    throw new MarqueeError(
      'unknown-movie',
      `The model does not know movie ${JSON.stringify(movieId)}, so nothing is like it yet.`,
    )
  const passing = passingMovies(snapshot, filter)
  removeFrom(passing, movie)
  const genres = genresBeside(snapshot, movie)
  const nearest = await nearestTo(snapshot, comparedMovies, movie, genres, passing, n)
  return {
    items: nearest.map(({ row: other, similarity }) => ({
      ...summaryOf(snapshot, other),
      similarity,
      ratings: live.counts.ratings[other]!,
    })),
  }
}

/**
 * The users that are most alike this one (`similaritiesTo`), equal ones by index. An `unknown-user` error for one that the model does not know.
 */
export async function similarUsers(
  snapshot: Snapshot,
  userId: string,
  n: number,
): Promise<SimilarUsers> {
  const { model, comparedUsers, live } = snapshot
  const user = live.isErased(userId) ? -1 : model.users.indexOf(userId)
  if (user < 0)
    throw new MarqueeError(
      'unknown-user',
      `The model does not know user ${JSON.stringify(userId)}, so nobody is like them yet.`,
    )
  const others = fullBitSet(model.users.size)
  for (const other of [user, ...live.erasedUsers]) removeFrom(others, other)
  const nearest = await nearestTo(snapshot, comparedUsers, user, null, others, n)
  const { offsets } = model.rated
  return {
    items: nearest.map(({ row: other, similarity }) => ({
      userId: model.users.idOf(other),
      similarity,
      ratings: offsets[other + 1]! - offsets[other]!,
    })),
  }
}

/** The genres of a movie beside those of all; null where none is known. */
function genresBeside(
  { genreCounts, moviesOfGenre }: Snapshot,
  movie: number,
): GenresBeside | null {
  const ofChosen = [...moviesOfGenre.values()].filter((movies) => isIn(movies, movie))
  return ofChosen.length > 0 ? { counts: genreCounts, ofChosen } : null
}

function nearestTo(
  { tasks }: Snapshot,
  compared: Comparison,
  chosen: number,
  genres: GenresBeside | null,
  allowed: BitSet,
  n: number,
): SimilarRow[] | Promise<SimilarRow[]> {
  const { data } = (compared.ranking ?? compared.rating).factors
  return tasks.run('mostSimilar', data.length, compared, chosen, genres, allowed, n)
}
