import type { Matrix } from '../../numeric/linear/matrix.ts'
import type { OwnRatings } from '../data/ratings.ts'
import type { Model } from '../model.ts'
import { createUserSpace, type UserModel } from '../user-space.ts'
import { createFewRatings, type FewRatings, foldFewIn, movieSlopes } from './few-ratings.ts'
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
export function foldInUser(folding: FoldInModel, own: OwnRatings): Float64Array {
  const { model, prior } = folding
  if (isFew(folding, own.rating.length)) return foldFewIn(fewRatingsOf(folding), own)
  return foldIn(createUserSpace(model), prior, own).x
}

/** Whether so many ratings are fewer than there are dimensions, of which their slopes are the same. */
function isFew({ model, slopes }: FoldInModel, ratings: number): boolean {
  return slopes !== null && ratings < sizeOf(model)
}

function sizeOf({ userFactors, userBias }: UserModel): number {
  return userFactors.columns + (userBias ? 1 : 0)
}

/** Made when the first is folded in: it is nothing for another thread. */
const fewRatings = new WeakMap<FoldInModel, FewRatings>()

function fewRatingsOf(folding: FoldInModel): FewRatings {
  const known = fewRatings.get(folding)
  if (known) return known
  const { model, prior, slopes } = folding
  const made = createFewRatings(createUserSpace(model), prior, slopes!)
  fewRatings.set(folding, made)
  return made
}

/** About how many multiplications it takes to fold so many ratings in. */
export function foldInOperations(folding: FoldInModel, ratings: number): number {
  const { model } = folding
  const size = sizeOf(model)
  if (isFew(folding, ratings)) return 5 * ratings ** 3 + ratings ** 2 * size + size ** 2
  const ofLayers = model.layers.reduce((sum, { weight }) => sum + 2 * weight.data.length, 0)
  return 5 * (ratings * (size * size + ofLayers) + size ** 3)
}
