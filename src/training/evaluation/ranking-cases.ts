import type { Ratings } from '../../model/data/ratings.ts'
import type { Model } from '../../model/model.ts'
import { createRandom, permutation } from '../../numeric/random/random.ts'
import { type SortedRows, sortedRows } from '../../numeric/search/sorted-rows.ts'

/**
 * Which movies a list may show. "unliked": all that the user did not like in training, the field's
 * protocol, which keeps of the data the likes alone (Liang et al., "Variational autoencoders for
 * collaborative filtering", WWW 2018); "unrated": all that the user did not rate in training, as
 * the service does.
 */
export const candidateRules = ['unliked', 'unrated'] as const
export type CandidateRule = (typeof candidateRules)[number]

/** The users whose lists are measured, one a case, in a model's indices. */
export type RankingCases = {
  /** [cases] −1 for a user that the model does not know */
  readonly user: Int32Array
  /**
   * The movies that each user liked in the test rows, at least one. A movie that the model does not
   * know has a negative number of its own: no list can show it, but it counts as missed.
   */
  readonly relevant: SortedRows
  /** The movies that no list shows each user, of those that the model knows. */
  readonly seen: SortedRows
}

/**
 * Users of the test rows who liked a movie of them, in the test's order. With a sample, those alone
 * that the model knows, `mostUsers` at most, in an order drawn by the seed.
 */
export function likersOf(
  { users, likedFrom }: Pick<Model, 'users' | 'likedFrom'>,
  test: Ratings,
  sample?: { readonly mostUsers: number; readonly seed: number },
): number[] {
  const isLiker = new Uint8Array(test.users.size)
  for (let row = 0; row < test.rating.length; row++)
    if (test.rating[row]! >= likedFrom) isLiker[test.userIndex[row]!] = 1
  const likers = [...isLiker.keys()].filter((user) => isLiker[user] === 1)
  if (!sample) return likers
  const likerOf = new Int32Array(users.size).fill(-1)
  for (const liker of likers) {
    const user = users.indexOf(test.users.idOf(liker))
    if (user >= 0) likerOf[user] = liker
  }
  const order = permutation(users.size, createRandom(sample.seed, 'ranked-users'))
  const drawn = order.filter((user) => likerOf[user]! >= 0).slice(0, sample.mostUsers)
  return Array.from(drawn, (user) => likerOf[user]!)
}

/** One case for each of the users, whose numbers are those of the test. */
export function rankingCases(
  { users, movies, likedFrom }: Pick<Model, 'users' | 'movies' | 'likedFrom'>,
  train: Ratings,
  test: Ratings,
  candidates: CandidateRule,
  likers: readonly number[] = likersOf({ users, likedFrom }, test),
): RankingCases {
  const ids = likers.map((liker) => test.users.idOf(liker))
  const moviesOf = (source: Ratings, isWanted: (row: number, movie: number) => boolean) => {
    const caseOf = new Int32Array(source.users.size).fill(-1)
    for (const [i, id] of ids.entries()) {
      const user = source.users.indexOf(id)
      if (user >= 0) caseOf[user] = i
    }
    const movieOf = Int32Array.from(source.movies.ids, (id, index) => {
      const movie = movies.indexOf(id)
      return movie < 0 ? -1 - index : movie
    })
    const { userIndex, movieIndex } = source
    const inCase = new Int32Array(userIndex.length)
    const movie = new Int32Array(userIndex.length)
    for (let row = 0; row < inCase.length; row++) {
      movie[row] = movieOf[movieIndex[row]!]!
      inCase[row] = isWanted(row, movie[row]!) ? caseOf[userIndex[row]!]! : -1
    }
    return sortedRows(ids.length, inCase, movie)
  }
  const isLiked = ({ rating }: Ratings, row: number) => rating[row]! >= likedFrom
  return {
    user: Int32Array.from(ids, (id) => users.indexOf(id)),
    relevant: moviesOf(test, (row) => isLiked(test, row)),
    seen: moviesOf(
      train,
      (row, movie) => movie >= 0 && (candidates === 'unrated' || isLiked(train, row)),
    ),
  }
}
