import type { Model } from '../../model/model.ts'
import { createTasteSpace, type TasteSpace } from '../../model/user-space.ts'
import { shiftSteps } from './rated-shift.ts'
import { refitSteps } from './refit-prior.ts'
import { priorSteps, type TastePrior } from './user-prior.ts'

/** What it takes to fold somebody in. */
export type Tastes = { readonly space: TasteSpace; readonly prior: TastePrior }

/** Prepares a model for folding in, once. */
export function* tasteSteps(model: Model): Generator<void, Tastes> {
  const space = createTasteSpace(model)
  const prior = yield* priorSteps(model, space)
  // Without biases training draws tastes to zero, which is nobody's; with them, to the mean.
  const isDrawnToZero = space.isLinear && !model.movieBias
  const fit = isDrawnToZero ? refitSteps : shiftSteps
  return { space, prior: yield* fit(model, space, prior) }
}
