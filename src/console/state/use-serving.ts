import { dataOf } from '../../../clients/typescript/src/client.ts'
import { api } from './session.ts'
import { type Answer, useAnswer } from './use-answer.ts'

/** The cards of all models, and which of them has served when. */
export function loadModels(signal?: AbortSignal) {
  return dataOf(api.GET('/v1/models', signal ? { signal } : {}))
}
export type Models = Awaited<ReturnType<typeof loadModels>>
/** The card of a model, as lists have it. */
export type Model = Models['items'][number]

/** The card of the model that answers; null before the first. */
export function useServing(): Answer<Model | null> {
  return useAnswer([], async (signal) => {
    const { serving, items } = await loadModels(signal)
    return items.find(({ version }) => version === serving) ?? null
  })
}

/** The lowest and the highest rating of a model. */
export function scaleOf({ ratingScale }: Model): readonly [number, number] {
  const [lowest = 0.5, highest = 5] = ratingScale ?? []
  return [lowest, highest]
}
