import type { Matrix } from '../../numeric/linear/matrix.ts'
import type { OwnRatings } from '../data/ratings.ts'
import type { Model } from '../model.ts'
import { createUserSpace, type UserModel } from '../user-space.ts'
import { foldFewIn, movieSlopes } from './few-ratings.ts'
import { fitPrior } from './fit-prior.ts'
import { foldIn } from './fold-in.ts'
import { shiftPrior } from './rated-shift.ts'
import { refitPrior } from './refit-prior.ts'
import type { UserPrior } from './user-prior.ts'

/** A model as users are folded into it: numbers alone. */
export type FoldInModel = {
  readonly model: UserModel
  readonly prior: UserPrior
  /** See `movieSlopes`. */
  readonly slopes: Matrix | null
}

/** Prepares a model for folding in, once. */
export function foldInModelOf(model: Model): FoldInModel {
  const space = createUserSpace(model)
  const prior = fitPrior(model, space)
  // Without biases training draws user vectors to zero, which is nobody's; with them, to the mean.
  const isDrawnToZero = space.isLinear && !model.movieBias
  const { userFactors, movieFactors, userBias, movieBias, layers, ratingRange } = model
  const moved = (isDrawnToZero ? refitPrior : shiftPrior)(model, space, prior)
  return {
    model: { userFactors, movieFactors, userBias, movieBias, layers, ratingRange },
    prior: moved,
    slopes: movieSlopes(space, moved, movieFactors.rows),
  }
}

/** The vector of whoever gave these ratings [size]. */
export function foldInUser({ model, prior, slopes }: FoldInModel, own: OwnRatings): Float64Array {
  const space = createUserSpace(model)
  return slopes && own.rating.length < space.size
    ? foldFewIn(space, prior, slopes, own)
    : foldIn(space, prior, own).x
}

/** About how many multiplications it takes to fold so many ratings in. */
export function foldInOperations({ model, slopes }: FoldInModel, ratings: number): number {
  const size = model.userFactors.columns + (model.userBias ? 1 : 0)
  if (slopes && ratings < size) return 5 * ratings ** 3 + ratings ** 2 * size + size ** 2
  const ofLayers = model.layers.reduce((sum, { weight }) => sum + 2 * weight.data.length, 0)
  return 5 * (ratings * (size * size + ofLayers) + size ** 3)
}
