import { MarqueeError } from '../../errors.ts'
import type { Ratings } from '../../model/data/ratings.ts'

/**
 * An `invalid-request` error when a user has rated a movie in both: a model would be measured on
 * what it was shown.
 */
export function refuseOverlap(train: Ratings, test: Ratings): void {
  const users = Int32Array.from(test.users.ids, (id) => train.users.indexOf(id))
  const movies = Int32Array.from(test.movies.ids, (id) => train.movies.indexOf(id))
  const size = train.movies.size
  const pairs = new Set<number>()
  test.userIndex.forEach((user, row) => {
    const movie = movies[test.movieIndex[row]!]!
    if (users[user]! >= 0 && movie >= 0) pairs.add(users[user]! * size + movie)
  })
  let count = 0
  let example = ''
  train.userIndex.forEach((user, row) => {
    const movie = train.movieIndex[row]!
    if (!pairs.has(user * size + movie)) return
    count++
    example ||= `user ${train.users.idOf(user)} and movie ${train.movies.idOf(movie)}`
  })
  if (count > 0)
    throw new MarqueeError(
      'invalid-request',
      `The test ratings overlap the training ratings in ${count} pairs, the first ${example}: no pair may stand in both.`,
    )
}
