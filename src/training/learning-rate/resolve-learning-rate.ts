import type { LearningRateSearch } from '../../model/spec/learning-rate-search.ts'
import type { ResolvedSpec, SteppedSpec, TrainingSpec } from '../../model/spec/training-spec.ts'

/**
 * The same training with its learning rate known, where it has one; `find` is asked only for "auto". Phases keep their
 * proportions and the highest one gets the rate that was found.
 */
export async function resolveLearningRate(
  spec: TrainingSpec,
  find: (spec: SteppedSpec) => Promise<Pick<LearningRateSearch, 'suggestion'>>,
): Promise<ResolvedSpec> {
  if (spec.algorithm === 'bayes') return spec
  if (spec.learningRate !== 'auto') return { ...spec, learningRate: spec.learningRate }
  const { suggestion: learningRate } = await find(spec)
  const highest = Math.max(...spec.phases.map((phase) => phase.learningRate))
  const phases = spec.phases.map((phase) => {
    return { ...phase, learningRate: (phase.learningRate / highest) * learningRate }
  })
  return { ...spec, learningRate, phases }
}
