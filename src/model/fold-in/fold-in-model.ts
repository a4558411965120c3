import type { OwnRatings } from '../data/ratings.ts'
import type { Model } from '../model.ts'
import { createUserSpace, type UserModel } from '../user-space.ts'
import { fitPrior } from './fit-prior.ts'
import { foldIn } from './fold-in.ts'
import { shiftPrior } from './rated-shift.ts'
import { refitPrior } from './refit-prior.ts'
import type { UserPrior } from './user-prior.ts'

/** A model as users are folded into it: numbers alone. */
export type FoldInModel = { readonly model: UserModel; readonly prior: UserPrior }

/** Prepares a model for folding in, once. */
export function foldInModelOf(model: Model): FoldInModel {
  const space = createUserSpace(model)
  const prior = fitPrior(model, space)
  // Without biases training draws user vectors to zero, which is nobody's; with them, to the mean.
  const isDrawnToZero = space.isLinear && !model.movieBias
  const { userFactors, movieFactors, userBias, movieBias, layers, ratingRange } = model
  return {
    model: { userFactors, movieFactors, userBias, movieBias, layers, ratingRange },
    prior: (isDrawnToZero ? refitPrior : shiftPrior)(model, space, prior),
  }
}

/** The vector of whoever gave these ratings [size]. */
export function foldInUser({ model, prior }: FoldInModel, own: OwnRatings): Float64Array {
  return foldIn(createUserSpace(model), prior, own).x
}

/** About how many multiplications it takes to fold so many ratings in. */
export function foldInOperations({ model }: FoldInModel, ratings: number): number {
  const size = model.userFactors.columns + 1
  const ofLayers = model.layers.reduce((sum, { weight }) => sum + 2 * weight.data.length, 0)
  return 5 * (ratings * (size * size + ofLayers) + size ** 3)
}
