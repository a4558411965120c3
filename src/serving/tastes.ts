import type { Model } from '../model/model.ts'
import { createTasteSpace, type TasteSpace } from '../model/taste-space.ts'
import { priorSteps, type TastePrior } from './taste-prior.ts'

/** What it takes to fold somebody in. */
export type Tastes = { readonly space: TasteSpace; readonly prior: TastePrior }

/** Prepares a model for folding in, once. */
export function* tasteSteps(model: Model): Generator<void, Tastes> {
  const space = createTasteSpace(model)
  return { space, prior: yield* priorSteps(model, space) }
}
