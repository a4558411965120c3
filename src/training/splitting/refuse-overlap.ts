import { MarqueeError } from '../../errors.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import { renamed } from '../../numeric/counting.ts'
import { isInRow, sortedRows } from '../../numeric/search/sorted-rows.ts'

/**
 * An `invalid-request` error when a user has rated a movie in both: a model would be measured on
 * what it was shown.
 */
export function refuseOverlap(train: Ratings, test: Ratings): void {
  const users = Int32Array.from(test.users.ids, (id) => train.users.indexOf(id))
  const movies = Int32Array.from(test.movies.ids, (id) => train.movies.indexOf(id))
  const tested = sortedRows(
    train.users.size,
    renamed(test.userIndex, users),
    renamed(test.movieIndex, movies),
  )
  let count = 0
  let example = ''
  for (let row = 0; row < train.userIndex.length; row++) {
    const [user, movie] = [train.userIndex[row]!, train.movieIndex[row]!]
    if (!isInRow(tested, user, movie)) continue
    count++
    example ||= `user ${train.users.idOf(user)} and movie ${train.movies.idOf(movie)}`
  }
  if (count > 0)
    throw new MarqueeError(
      'invalid-request',
      `The test ratings overlap the training ratings in ${count} pairs, the first ${example}: no pair may stand in both.`,
    )
}
