import type { Ratings } from '../../model/data/ratings.ts'
import type { Model } from '../../model/model.ts'
import { createRandom, permutation } from '../../numeric/random/random.ts'

/**
 * Which movies a list may show. "unliked": all that the user did not like in training, the field's
 * protocol, which keeps of the data the likes alone (Liang et al., "Variational autoencoders for
 * collaborative filtering", WWW 2018); "unrated": all that the user did not rate in training, as
 * the service does.
 */
export const candidateRules = ['unliked', 'unrated'] as const
export type CandidateRule = (typeof candidateRules)[number]

/** A user whose list is measured, in a model's indices. */
export type RankingCase = {
  /** −1 for a user that the model does not know. */
  readonly user: number
  /**
   * The movies that the user liked in the test rows, at least one. A movie that the model does not
   * know has a negative number of its own: no list can show it, but it counts as missed.
   */
  readonly relevant: ReadonlySet<number>
  /** The movies that no list shows this user. */
  readonly seen: ReadonlySet<number>
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
  test.userIndex.forEach((user, row) => {
    if (test.rating[row]! >= likedFrom) isLiker[user] = 1
  })
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
): RankingCase[] {
  const ids = likers.map((liker) => test.users.idOf(liker))
  const cases = ids.map((id) => ({
    user: users.indexOf(id),
    relevant: new Set<number>(),
    seen: new Set<number>(),
  }))
  const add = (source: Ratings, to: 'relevant' | 'seen', isWanted: (rating: number) => boolean) => {
    const caseOf = new Map(ids.map((id, i) => [source.users.indexOf(id), cases[i]!]))
    const movieOf = Int32Array.from(source.movies.ids, (id, index) => {
      const movie = movies.indexOf(id)
      return movie < 0 ? -1 - index : movie
    })
    source.userIndex.forEach((user, row) => {
      if (isWanted(source.rating[row]!))
        caseOf.get(user)?.[to].add(movieOf[source.movieIndex[row]!]!)
    })
  }
  const isLiked = (rating: number) => rating >= likedFrom
  add(test, 'relevant', isLiked)
  add(train, 'seen', candidates === 'unliked' ? isLiked : () => true)
  return cases
}
