import type { OwnRatings } from '../data/ratings.ts'
import { createUserSpace } from '../user-space.ts'
import { type FoldInModel, foldInUser } from './fold-in-model.ts'
import { foldIntoRanking, type RankingFoldInModel } from './ranking-fold-in.ts'

/** Somebody of whom more is known than the training knew, or less, or something else. */
export type ChangedUser = {
  /** In training; −1 where it did not know them. */
  readonly userIndex: number
  /** The ratings that the training had. */
  readonly before: OwnRatings
  /** Those that count now. */
  readonly now: OwnRatings
}

/**
 * The user vector [size] after a change of the ratings R to R′, with f(·) what folding in finds and
 * s the share of R that still stands in R′:
 *
 *   x = f(R′) + s·(trained − f(R))
 *
 * so that what the training made of the user beyond folding in is kept as long as what it was made
 * from; nothing changed is the trained vector, and a stranger is folded in.
 */
export function foldInChange(folding: FoldInModel, user: ChangedUser): Float64Array {
  const x = foldInUser(folding, user.now)
  const share = standingShare(user)
  if (share === 0) return x
  const trained = new Float64Array(x.length)
  createUserSpace(folding.model).trained(user.userIndex, trained)
  return addKept(x, share, trained, foldInUser(folding, user.before))
}

/** The ranking vector [k] after the same change, likewise. */
export function foldChangeIntoRanking(
  folding: RankingFoldInModel,
  trained: Float32Array | null,
  user: ChangedUser,
): Float32Array {
  const u = foldIntoRanking(folding, user.now)
  const share = standingShare(user)
  return share === 0 || !trained
    ? u
    : addKept(u, share, trained, foldIntoRanking(folding, user.before))
}

/** The share of the ratings before that count as they did, 0 to 1; 0 of a stranger. */
function standingShare({ userIndex, before, now }: ChangedUser): number {
  if (userIndex < 0 || before.rating.length === 0) return 0
  let standing = 0
  for (let i = 0, j = 0; i < before.rating.length; i++) {
    while (j < now.rating.length && now.movieIndex[j]! < before.movieIndex[i]!) j++
    const isSame = now.movieIndex[j] === before.movieIndex[i] && now.rating[j] === before.rating[i]
    standing += Number(isSame)
  }
  return standing / before.rating.length
}

function addKept<Vector extends Float32Array | Float64Array>(
  x: Vector,
  share: number,
  trained: ArrayLike<number>,
  folded: ArrayLike<number>,
): Vector {
  for (let i = 0; i < x.length; i++) x[i]! += share * (trained[i]! - folded[i]!)
  return x
}
