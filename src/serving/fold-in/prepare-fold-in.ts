import type { Model } from '../../model/model.ts'
import { createUserSpace, type UserSpace } from '../../model/user-space.ts'
import { priorSteps } from './fit-prior.ts'
import { shiftSteps } from './rated-shift.ts'
import { refitSteps } from './refit-prior.ts'
import type { UserPrior } from './user-prior.ts'

/** What it takes to fold somebody in. */
export type FoldInModel = { readonly space: UserSpace; readonly prior: UserPrior }

/** Prepares a model for folding in, once. */
export function* prepareFoldInSteps(model: Model): Generator<void, FoldInModel> {
  const space = createUserSpace(model)
  const prior = yield* priorSteps(model, space)
  // Without biases training draws user vectors to zero, which is nobody's; with them, to the mean.
  const isDrawnToZero = space.isLinear && !model.movieBias
  const fit = isDrawnToZero ? refitSteps : shiftSteps
  return { space, prior: yield* fit(model, space, prior) }
}
