import type { RatedMovies, Ratings } from '../../model/data/ratings.ts'
import type { Model } from '../../model/model.ts'
import { groupBy, renamed } from '../../numeric/counting.ts'
import { isInRow } from '../../numeric/search/sorted-rows.ts'
import { pairUse } from '../splitting/split-again.ts'
import {
  type EvaluationRows,
  knownTo,
  ratedOf,
  type TrainingData,
} from '../splitting/training-data.ts'

/**
 * The vectors that later trainings may start from: of a fit to training rows alone, with `rated`
 * saying of each pair what it was used for (as a number of `pairUse`), and not what was rated.
 */
export type StartModel = Model

/**
 * What a training used its pairs for. Pairs that the training before, whose vectors it started from,
 * had seen and that are no longer there count as they did: should they come back, they are not new.
 */
export function recordUses(
  { train, inner, heldOut }: Pick<TrainingData, 'train' | 'inner' | 'heldOut'>,
  before?: StartModel,
): RatedMovies {
  const as = (use: number, rows: EvaluationRows): EvaluationRows => {
    return { ...rows, rating: new Float32Array(rows.rating.length).fill(use) }
  }
  const now = [
    as(pairUse.fitted, knownTo(train, train)),
    ...(inner ? [as(pairUse.setApart, inner)] : []),
    ...(heldOut ? [as(pairUse.heldOut, knownTo(train, heldOut))] : []),
  ]
  const recorded = ratedOf(train, now)
  if (!before) return recorded
  return ratedOf(train, [...now, goneSince(before, train, recorded)])
}

/** The pairs that `before` has seen and that are not among those recorded. */
function goneSince(
  before: StartModel,
  { users, movies }: Pick<Ratings, 'users' | 'movies'>,
  { offsets, movieIndex }: RatedMovies,
): EvaluationRows {
  const { rated } = before
  const userOf = Int32Array.from(before.users.ids, (id) => users.indexOf(id))
  const movieOf = Int32Array.from(before.movies.ids, (id) => movies.indexOf(id))
  const present = { start: offsets, members: Int32Array.from(movieIndex) }
  const user = renamed(usersOf(rated.offsets), userOf)
  const movie = renamed(rated.movieIndex, movieOf)
  const isGone = (_: number, row: number) =>
    rated.rating[row]! >= pairUse.setApart &&
    user[row]! >= 0 &&
    movie[row]! >= 0 &&
    !isInRow(present, user[row]!, movie[row]!)
  return {
    userIndex: user.filter(isGone),
    movieIndex: movie.filter(isGone),
    rating: rated.rating.filter(isGone),
  }
}

/** The user of each row. */
function usersOf(offsets: Uint32Array): Uint32Array {
  const users = new Uint32Array(offsets.at(-1)!)
  for (let user = 0; user + 1 < offsets.length; user++)
    users.fill(user, offsets[user], offsets[user + 1])
  return users
}

/** What a training used each row's pair for, [rows]; `pairUse.unseen` for pairs that it had not. */
export function usesOf({ users, movies, rated }: StartModel, ratings: Ratings): Int8Array {
  const userOf = Int32Array.from(ratings.users.ids, (id) => users.indexOf(id))
  const movieOf = Int32Array.from(ratings.movies.ids, (id) => movies.indexOf(id))
  const { start, order } = groupBy(ratings.userIndex, ratings.users.size)
  const uses = new Int8Array(ratings.userIndex.length).fill(pairUse.unseen)
  const ofMovie = new Int8Array(movies.size).fill(pairUse.unseen)
  for (let user = 0; user < ratings.users.size; user++) {
    const known = userOf[user]!
    if (known < 0) continue
    const [from, to] = [rated.offsets[known]!, rated.offsets[known + 1]!]
    for (let i = from; i < to; i++) ofMovie[rated.movieIndex[i]!] = rated.rating[i]!
    for (let i = start[user]!; i < start[user + 1]!; i++) {
      const movie = movieOf[ratings.movieIndex[order[i]!]!]!
      if (movie >= 0) uses[order[i]!] = ofMovie[movie]!
    }
    for (let i = from; i < to; i++) ofMovie[rated.movieIndex[i]!] = pairUse.unseen
  }
  return uses
}
