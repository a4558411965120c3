import type { Ratings } from '../../model/data/ratings.ts'
import type { Vocabulary } from '../../model/data/vocabulary.ts'

/** From this rating on, a movie counts as liked. */
export const relevantRating = 4

/**
 * Which movies a list may show. "unliked": all that the user did not like in training, the field's
 * protocol, which keeps of the data the likes alone (Liang et al., "Variational autoencoders for
 * collaborative filtering", WWW 2018); "unrated": all that the user did not rate in training, as the
 * service does.
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

/** One case for each user that liked a movie of the test rows, in the test's order of users. */
export function rankingCases(
  { users, movies }: { readonly users: Vocabulary; readonly movies: Vocabulary },
  train: Ratings,
  test: Ratings,
  candidates: CandidateRule,
): RankingCase[] {
  const movieOf = Int32Array.from(test.movies.ids, (id, index) => {
    const movie = movies.indexOf(id)
    return movie < 0 ? -1 - index : movie
  })
  const liked = likedMovies(test)
  const known = candidates === 'unliked' ? likedMovies(train) : moviesByUser(train)
  const cases: RankingCase[] = []
  liked.forEach((found, index) => {
    if (found.length === 0) return
    const id = test.users.idOf(index)
    const seen = known[train.users.indexOf(id)] ?? []
    cases.push({
      user: users.indexOf(id),
      relevant: new Set(found.map((movie) => movieOf[movie]!)),
      seen: new Set(seen.map((movie) => movies.indexOf(train.movies.idOf(movie)))),
    })
  })
  return cases
}

function likedMovies(ratings: Ratings): number[][] {
  return moviesByUser(ratings, (row) => ratings.rating[row]! >= relevantRating)
}

function moviesByUser(
  { users, userIndex, movieIndex }: Ratings,
  isWanted: (row: number) => boolean = () => true,
): number[][] {
  const found = Array.from({ length: users.size }, (): number[] => [])
  userIndex.forEach((user, row) => {
    if (isWanted(row)) found[user]!.push(movieIndex[row]!)
  })
  return found
}
