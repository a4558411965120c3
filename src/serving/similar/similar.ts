import { MarqueeError } from '../../errors.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import { type BitSet, fullBitSet, removeFrom } from '../../numeric/search/bit-set.ts'
import { type MovieFilter, passingMovies } from '../lists/movie-filter.ts'
import { type MovieSummary, type Snapshot, summaryOf } from '../snapshot.ts'
import type { NearRow } from './nearest-rows.ts'

export type SimilarMovies = { items: (MovieSummary & { similarity: number; ratings: number })[] }
export type SimilarUsers = { items: { userId: string; similarity: number; ratings: number }[] }

/**
 * The movies whose factors point most nearly where the movie's do, by cosine, equal ones by index.
 * An `unknown-movie` error for one that the model does not know.
 */
export async function similarMovies(
  snapshot: Snapshot,
  movieId: string,
  { n, ...filter }: MovieFilter & { n: number },
): Promise<SimilarMovies> {
  const { model, movieNorms, statistics } = snapshot
  const movie = model.movies.indexOf(movieId)
  if (movie < 0)
    throw new MarqueeError(
      'unknown-movie',
      `The model does not know movie ${JSON.stringify(movieId)}, so nothing is like it yet.`,
    )
  const passing = passingMovies(snapshot, filter)
  removeFrom(passing, movie)
  const nearest = await nearestTo(snapshot, model.movieFactors, movieNorms, movie, passing, n)
  return {
    items: nearest.map(({ row: other, cosine: similarity }) => ({
      ...summaryOf(snapshot, other),
      similarity,
      ratings: statistics.ratings[other]!,
    })),
  }
}

/**
 * The users whose factors point most nearly where the user's do, by cosine, equal ones by index. An
 * `unknown-user` error for one that the model does not know.
 */
export async function similarUsers(
  snapshot: Snapshot,
  userId: string,
  n: number,
): Promise<SimilarUsers> {
  const { model, userNorms } = snapshot
  const user = model.users.indexOf(userId)
  if (user < 0)
    throw new MarqueeError(
      'unknown-user',
      `The model does not know user ${JSON.stringify(userId)}, so nobody is like them yet.`,
    )
  const others = fullBitSet(model.users.size)
  removeFrom(others, user)
  const nearest = await nearestTo(snapshot, model.userFactors, userNorms, user, others, n)
  const { offsets } = model.rated
  return {
    items: nearest.map(({ row: other, cosine: similarity }) => ({
      userId: model.users.idOf(other),
      similarity,
      ratings: offsets[other + 1]! - offsets[other]!,
    })),
  }
}

function nearestTo(
  { tasks }: Snapshot,
  factors: Matrix,
  norms: Float32Array,
  chosen: number,
  allowed: BitSet,
  n: number,
): Promise<NearRow[]> {
  return tasks.run('nearestRows', factors.data.length, factors, norms, chosen, allowed, n)
}
