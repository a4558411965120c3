import { ratingScaleOf } from '../../../../model/data/rating-scale.ts'
import type { BayesSpec } from '../../../../model/spec/training-spec.ts'
import { planArena } from '../../../../numeric/kernels/arena.ts'
import { instantiateKernels } from '../../../../numeric/kernels/kernels.ts'
import { startThreads } from '../../../../numeric/kernels/threads.ts'
import type { EpochPlan, Trainer, TrainerTask } from '../../../trainer.ts'
import { stateOf } from '../rows.ts'
import { createAverage, turnsIn } from './average/average.ts'
import { earlierOf } from './average/earlier.ts'
import { burnInNumbers, createBurnIn } from './burn-in.ts'
import { labelGroups } from './features.ts'
import { pieces, planInputs, planState, sizesOf } from './layout.ts'
import { createSampler } from './sampler.ts'
import { bothSides } from './sides.ts'
import { startOf } from './start.ts'
import { writeInputs } from './write-inputs.ts'

/**
 * Bayesian matrix factorisation by Gibbs sampling (Salakhutdinov and Mnih 2008), whose rows have a
 * mean that their features say (Simm et al., "Macau: scalable Bayesian factorization with
 * high-dimensional side information using MCMC", 2017): attributes, what a user rated, who rated a
 * movie. An epoch is a sweep: the distribution of the users, each user, the distribution of the
 * movies, each movie, the noise of each user. After the burn-in each sweep is added to an average.
 * Each side has one row more than its vocabulary, which has no ratings: what is expected of an
 * unknown user or movie, see `fillUnknownRow`.
 */
export function createBayesTrainer(
  { spec, rows, watched, attributes, baseline, warm }: TrainerTask & { readonly spec: BayesSpec },
  module: WebAssembly.Module,
  threadCount: number,
): Trainer {
  const sizes = sizesOf(spec, rows, watched?.rating.length ?? 0)
  const labels = bothSides((side) =>
    spec.attributes && attributes
      ? labelGroups(rows[`${side}s`].ids, attributes[`${side}s`], sizes.rows[side])
      : [],
  )
  const plan = planArena()
  const hasBag = { user: spec.bagOfMovies, movie: spec.bagOfUsers }
  const inputs = planInputs(plan, sizes, labels, hasBag)
  const state = planState(plan, sizes, inputs, spec)
  const arena = plan.create()
  const { grouped, mean } = writeInputs(arena, sizes, inputs, state, rows, labels, watched)
  const threads = startThreads(module, arena.memory, Math.min(threadCount, pieces))
  const kernels = instantiateKernels(module, arena.memory)
  const memory = { arena, kernels, threads, sizes, inputs, state }
  const first = startOf(rows, mean, baseline, warm ?? null, spec.factors)
  const sampler = createSampler(memory, grouped, first, spec.seed)
  const earlier = warm ? earlierOf(warm, sizes, mean, spec.sweeps) : null
  const average = createAverage(memory, grouped, spec.seed, earlier)
  const burnIn = createBurnIn(spec, arena.f64(state.burnIn, burnInNumbers(spec)))
  const scale = ratingScaleOf(rows.rating)

  return {
    stepsPerEpoch: 1,
    async trainEpoch({ epoch, pulse }: EpochPlan) {
      const { chain, isFirst, isAveraged } = burnIn.next()
      if (isFirst) sampler.start(chain)
      await sampler.drawSide('user', epoch, (share) => pulse.beat(0.45 * share))
      await sampler.drawSide('movie', epoch, (share) => pulse.beat(0.45 + 0.45 * share))
      const mse = await sampler.drawNoise(epoch, (share) => pulse.beat(0.9 + 0.1 * share))
      burnIn.learn(mse)
      if (isAveraged) await average.add()
      else if (chain === 0) await average.look()
      if (pulse.isDue()) await pulse.beat(1)
      return { mse, phase: isAveraged ? 'sampling' : 'burn-in' }
    },
    plannedEpochs: burnIn.planned,
    steps: {
      next: () => (burnIn.next().isAveraged ? average.nextStep() : 'burn-in'),
      left(step, done) {
        const all = spec.chains * spec.sweeps
        const { averaged, turns } = average.done()
        const turnsLeft = turnsIn(all, sizes.isComplete) - turns
        if (step === 'turning') return turnsLeft
        if (step === 'sampling') return all - averaged - turnsLeft
        return burnIn.planned() - all - (done - averaged)
      },
    },
    sampling: burnIn.summary,
    weights: async () => average.weights(mean, baseline),
    watchedMse: () => (watched ? average.watchedMse(watched, mean, scale, baseline) : Number.NaN),
    state: stateOf(arena, [state.from, (state.to - state.from) / 4]),
    dispose: threads.terminate,
  }
}
