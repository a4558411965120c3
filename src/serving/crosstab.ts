import { decimalOf } from '../model/data/rating-scale.ts'
import type { RatedMovies } from '../model/data/ratings.ts'
import { topN } from '../numeric/search/top-n.ts'
import { type MovieTitle, type Snapshot, titleOf } from './snapshot.ts'

export type Crosstab = {
  /** The most active first, equal ones by index. */
  users: { userId: string; ratings: number }[]
  /** The most rated first, equal ones by index. */
  movies: (MovieTitle & { ratings: number })[]
  /** [users][movies] in rating units; null where the user has not rated the movie. */
  cells: (number | null)[][]
}

/**
 * A crosstab of the most active users and the most rated movies, from the ratings behind the model,
 * so that it tells of the same data as all other answers. Both lists are shorter where there are
 * not so many.
 */
export function crosstab(
  snapshot: Snapshot,
  { users, movies }: { users: number; movies: number },
): Crosstab {
  const { model, statistics } = snapshot
  const { offsets } = model.rated
  const activity = new Float32Array(model.users.size)
  for (let user = 0; user < activity.length; user++)
    activity[user] = offsets[user + 1]! - offsets[user]!
  const erased = new Set(snapshot.live.erasedUsers)
  const rows = topN(activity, users, (user) => !erased.has(user))
  const columns = [...statistics.mostRated.subarray(0, movies)]
  return {
    users: rows.map((user) => ({ userId: model.users.idOf(user), ratings: activity[user]! })),
    movies: columns.map((movie) => ({
      ...titleOf(snapshot, movie),
      ratings: statistics.ratings[movie]!,
    })),
    cells: rows.map((user) => columns.map((movie) => ratingOf(model.rated, user, movie))),
  }
}

/** Looks a rating up by bisection, since a user's movies ascend; null when there is none. */
function ratingOf(
  { offsets, movieIndex, rating }: RatedMovies,
  user: number,
  movie: number,
): number | null {
  const end = offsets[user + 1]!
  let low = offsets[user]!
  let high = end
  while (low < high) {
    const middle = (low + high) >>> 1
    if (movieIndex[middle]! < movie) low = middle + 1
    else high = middle
  }
  return low < end && movieIndex[low] === movie ? decimalOf(rating[low]!) : null
}
