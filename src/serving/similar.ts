import { MarqueeError } from '../errors.ts'
import { dot } from '../numeric/linear/dot.ts'
import type { Matrix } from '../numeric/linear/matrix.ts'
import { isIn, removeFrom } from '../numeric/search/bit-set.ts'
import { topN } from '../numeric/search/top-n.ts'
import { inSlices } from './in-slices.ts'
import { type MovieFilter, passingMovies } from './lists/movie-filter.ts'
import { type MovieSummary, type Snapshot, summaryOf } from './snapshot.ts'

const rowsInStep = 1_024

export type SimilarMovies = { items: (MovieSummary & { similarity: number; ratings: number })[] }
export type SimilarUsers = { items: { userId: string; similarity: number; ratings: number }[] }

/**
 * The movies whose factors point most nearly where the movie's do, by cosine, equal ones by index. An
 * `unknown-movie` error for one that the model does not know.
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
  const cosines = await inSlices(cosineSteps(model.movieFactors, movieNorms, movie))
  const nearest = topN(cosines, n, (other) => isIn(passing, other))
  return {
    items: nearest.map((other) => ({
      ...summaryOf(snapshot, other),
      similarity: cosines[other]!,
      ratings: statistics.ratings[other]!,
    })),
  }
}

/** The same of users; an `unknown-user` error for one that the model does not know. */
export async function similarUsers(
  { model, userNorms }: Snapshot,
  userId: string,
  n: number,
): Promise<SimilarUsers> {
  const user = model.users.indexOf(userId)
  if (user < 0)
    throw new MarqueeError(
      'unknown-user',
      `The model does not know user ${JSON.stringify(userId)}, so nobody is like them yet.`,
    )
  const cosines = await inSlices(cosineSteps(model.userFactors, userNorms, user))
  const { offsets } = model.rated
  return {
    items: topN(cosines, n, (other) => other !== user).map((other) => ({
      userId: model.users.idOf(other),
      similarity: cosines[other]!,
      ratings: offsets[other + 1]! - offsets[other]!,
    })),
  }
}

/** cos(row, chosen row) for each row; 0 where one has no length. */
function* cosineSteps(
  { data, rows, columns: k }: Matrix,
  norms: Float32Array,
  chosen: number,
): Generator<void, Float32Array> {
  const cosines = new Float32Array(rows)
  for (let row = 0; row < rows; row++) {
    const lengths = norms[row]! * norms[chosen]!
    // Rounding may lead a little beyond 1.
    if (lengths > 0)
      cosines[row] = Math.max(-1, Math.min(1, dot(data, row * k, data, chosen * k, k) / lengths))
    if (row % rowsInStep === 0) yield
  }
  return cosines
}
