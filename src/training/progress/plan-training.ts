import { rankingEpochs } from '../../model/spec/ranking-spec.ts'
import type { SteppedSpec, TrainingSpec } from '../../model/spec/training-spec.ts'
import { type BackendPreference, enginesFor } from '../engines/engine.ts'
import { turnsIn } from '../engines/simd/bayes/average/average.ts'
import { isComplete } from '../engines/simd/bayes/layout.ts'
import { innerSpec, shareFits } from '../fit/learnt-share.ts'
import { refitShares } from '../fit/refit-model.ts'
import { epochsFor, withOptimizer, withSweeps } from '../fit/settle-spec.ts'
import { plannedEpochs } from '../learning-rate/schedule.ts'
import type { PlannedPart, PlannedStep } from './planned.ts'
import type { TrainingSizes } from './work.ts'
import * as work from './work.ts'

/**
 * The steps of a training with its measurement, its comparison with the settings that serve and its
 * refit, where there are these, and publication.
 */
export function planTraining(
  sizes: TrainingSizes,
  spec: TrainingSpec,
  backend: BackendPreference,
  against: TrainingSpec | null = null,
): PlannedPart[] {
  const heldOut = Math.floor(spec.split.valid * sizes.ratings)
  const first = { ...sizes, ratings: sizes.ratings - heldOut }
  const isRefitted = spec.refit && heldOut > 0
  // It has the optimizer of the first fit.
  const again = spec.algorithm === 'bayes' ? spec : withOptimizer(spec, first.ratings, backend)
  return [
    ...planEvaluation({ ...first, test: heldOut }, spec, backend),
    ...(against && heldOut > 0 ? [comparison(first, against)] : []),
    ...(isRefitted
      ? [{ phase: 'refitting', steps: planFit(sizes, 0, again, backend, refitShares) } as const]
      : []),
    { steps: [{ name: 'publish', kind: 'publish', units: work.published(sizes, spec) }] },
  ]
}

/** One step: what it does within is not told. */
function comparison({ ratings }: TrainingSizes, { algorithm }: TrainingSpec): PlannedPart {
  return { steps: [{ name: 'compare', kind: `compare ${algorithm}`, units: ratings }] }
}

/** The steps of a training whose rows to measure on are there, and of its measurement. */
export function planEvaluation(
  sizes: TrainingSizes,
  spec: TrainingSpec,
  backend: BackendPreference,
): PlannedPart[] {
  const { test = 0 } = sizes
  const fit = { steps: planFit(sizes, test, spec, backend) }
  if (test === 0) return [fit]
  const measurement: PlannedStep[] = [
    { name: 'cases', kind: 'cases', units: sizes.ratings + test },
    { name: 'errors', kind: 'predictions', units: work.predictions(test, spec) },
    { name: 'lists', kind: 'lists', units: work.lists(sizes, test, spec) },
    { name: 'baselines', kind: 'baselines', units: test },
  ]
  return [fit, { steps: measurement }]
}

/** The steps of a search for a learning rate. */
export function planRateSearch(sizes: TrainingSizes, spec: SteppedSpec): PlannedPart[] {
  const ratings = Math.ceil((1 - spec.split.valid) * sizes.ratings)
  return [
    {
      steps: [
        { name: 'prepare', kind: 'prepare', units: ratings },
        { name: 'biases', kind: 'biases', units: ratings },
        { name: 'rate', kind: 'rate', units: work.rateSearch(spec) },
      ],
    },
  ]
}

const whole = { sweeps: 1, epochs: 1, rankingEpochs: 1 }

/** The steps of one fit; of a refit a share of its sweeps and epochs, and no search. */
function planFit(
  sizes: TrainingSizes,
  heldOut: number,
  asked: TrainingSpec,
  backend: BackendPreference,
  shares: typeof whole = whole,
): PlannedStep[] {
  const spec =
    asked.algorithm === 'bayes'
      ? withSweeps(asked, sizes.ratings)
      : withOptimizer(asked, sizes.ratings, backend)
  const { ranking } = spec
  const isFirst = shares === whole
  const watched = heldOut > 0 ? heldOut : Math.min(sizes.ratings, 200_000)
  const steps: PlannedStep[] = [
    { name: 'prepare', kind: 'prepare', units: sizes.ratings },
    { name: 'biases', kind: 'biases', units: sizes.ratings },
    { name: 'setup', kind: `setup ${spec.algorithm}`, units: sizes.ratings },
  ]
  if (spec.algorithm === 'bayes') {
    const { burnIn, sweeps, chains } = spec
    const { units: sweep, turning: turn = sweep } = work.epochWork(sizes, watched, spec, 'simd')
    const averaged = chains * Math.ceil(shares.sweeps * sweeps)
    const turns = turnsIn(averaged, isComplete(spec, sizes.users, sizes.movies))
    steps.push(
      { name: 'burn-in', kind: 'burn-in', units: chains * burnIn * sweep },
      { name: 'sampling', kind: 'sampling', units: (averaged - turns) * sweep },
      { name: 'turning', kind: 'turning', units: turns * turn },
      { name: 'compression', kind: 'compression', units: work.compression(sizes, watched, spec) },
    )
  } else {
    if (spec.learningRate === 'auto' && isFirst)
      steps.push({ name: 'rate', kind: 'rate', units: work.rateSearch(spec) })
    const epochs = spec.epochs === 'auto' ? epochsFor(sizes.ratings) : spec.epochs
    const planned = Math.round(shares.epochs * plannedEpochs({ ...spec, epochs }))
    const one = work.epochWork(sizes, heldOut, spec, enginesFor(spec, backend)[0]!.engine)
    steps.push({ name: 'epochs', kind: one.kind!, units: planned * one.units })
  }
  if (isFirst) steps.push(...planShare(sizes, asked, backend))
  if (ranking) {
    if (isFirst)
      steps.push({ name: 'settings', kind: 'settings', units: work.rankingSearch(sizes, ranking) })
    const epochs = Math.ceil(shares.rankingEpochs * rankingEpochs(ranking, sizes.ratings))
    steps.push({ name: 'factors', kind: 'factors', units: work.ranking(sizes, ranking, epochs) })
  }
  steps.push({
    name: 'intervals',
    kind: 'intervals',
    units: sizes.ratings + work.predictions(heldOut, spec),
  })
  return steps
}

/** The inner fits that choose what is kept of the learnt, as long as so many epochs or sweeps. */
function planShare(
  sizes: TrainingSizes,
  asked: TrainingSpec,
  backend: BackendPreference,
): PlannedStep[] {
  const fits = shareFits(asked, sizes.ratings)
  if (fits === 0) return []
  const ratings = Math.round((1 - 1 / fits) * sizes.ratings)
  const some = { ...sizes, ratings }
  const spec = innerSpec(asked, ratings)
  const step = (kind: string, units: number) =>
    ({ name: 'share', kind, units: fits * units }) as const
  if (spec.algorithm === 'bayes') {
    const { sweeps, burnIn, ...more } = withSweeps(spec, ratings)
    const { units } = work.epochWork(some, ratings, { ...more, sweeps, burnIn }, 'simd')
    return [step('sampling', more.chains * (burnIn + sweeps) * units)]
  }
  const epochs = spec.epochs === 'auto' ? epochsFor(ratings) : spec.epochs
  const optimised = withOptimizer(spec, ratings, backend)
  const { engine } = enginesFor(spec, backend)[0]!
  const { kind, units } = work.epochWork(some, 0, optimised, engine)
  return [step(kind!, plannedEpochs({ ...spec, epochs }) * units)]
}
