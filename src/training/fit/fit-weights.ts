import type { Ratings } from '../../model/data/ratings.ts'
import type { Model } from '../../model/model.ts'
import type { SettledSpec } from '../../model/spec/training-spec.ts'
import { modelErrors } from '../evaluation/error-metrics.ts'
import type { FitRun, FitTask } from '../fit-task.ts'
import { resolveLearningRate } from '../learning-rate/find-learning-rate.ts'
import { epochWork, sizesOf } from '../progress/work.ts'
import type { Pulse, StepPulse } from '../pulse.ts'
import type { EvaluationRows } from '../splitting/training-data.ts'
import type { Engine, Start, WarmRows, Weights } from '../trainer.ts'
import { warmSpec } from '../warm-start/warm-spec.ts'
import type { RatingUnit } from './rating-unit.ts'
import { type EpochsResult, runEpochs } from './run-epochs.ts'
import { withStart } from './start.ts'

/** A model in units that lacks its weights. */
export type Weightless = Omit<Model, Exclude<keyof Weights, 'cold'>>

/** The whole model, of weights as a trainer has them. */
export function withWeights(
  base: Weightless,
  { cold = base.baseline, ...weights }: Weights,
  start: Start | null,
): Model {
  return { ...base, ...weights, ...(start && withStart(start, weights)), baseline: cold }
}

type WeightsTask = Omit<FitTask, 'spec' | 'warm'> & {
  readonly spec: SettledSpec
  readonly start: Start | null
  readonly warm: WarmRows | null
}

/** Fits the weights on one engine, where all begins anew should it fail. */
export async function fitWeights(
  engine: Engine,
  { data: { train, inner }, spec: asked, start, warm, attributes, first, hooks = {} }: WeightsTask,
  base: Weightless,
  heldOut: EvaluationRows | null,
  unit: RatingUnit,
  pulse: StepPulse,
): Promise<Omit<FitRun, 'trainSeconds' | 'rankingSeconds' | 'learntShare'> & EpochsResult> {
  hooks.onEngine?.(engine)
  const { ratingRange, baseline } = base
  const watched = heldOut ?? someOf(train)
  const validated = asked.algorithm === 'bayes' ? watched : heldOut
  const known = { rows: train, ratingRange, baseline, start, warm }
  const given = { ...known, ...(attributes && { attributes }) }
  const spec = await resolveLearningRate(engine, { ...given, spec: asked }, pulse)
  const taken = warm ? warmSpec(spec) : spec
  await pulse.step('setup').beat(0)
  const trainer = engine.createTrainer({ ...given, spec: taken, watched })
  const mseOn = async (weights: Weights, rows: EvaluationRows, part: Pulse) =>
    (await modelErrors(withWeights(base, weights, start), rows, part)).mse
  try {
    const fitted = await runEpochs({
      ...{ spec: taken, trainer, pulse, unit },
      work: epochWork(sizesOf(train), validated?.rating.length ?? 0, taken, engine.name),
      trainRows: train.rating.length,
      // A trainer that decides itself how long it takes is not stopped before.
      stopAfter: trainer.plannedEpochs ? undefined : first?.keptEpochs,
      validate: async (weights, part) =>
        heldOut && (trainer.watchedMse?.() ?? (await mseOn(weights, heldOut, part))),
      innerError: (weights, part) => mseOn(weights, inner!, part),
      onEpoch: hooks.onEpoch?.bind(hooks),
      checkpoints: hooks.checkpoints,
    })
    const compression = trainer.watchedMse
      ? {
          rows: heldOut ? ('held-out' as const) : ('training' as const),
          averagedRmse: unit.size * Math.sqrt(trainer.watchedMse()),
          savedRmse: unit.size * Math.sqrt(await mseOn(fitted.weights, watched, pulse)),
        }
      : null
    const { name, backend, device } = engine
    const sampling = trainer.sampling?.() ?? null
    return { ...fitted, ...{ spec, engine: name, backend, device, compression, sampling } }
  } finally {
    trainer.dispose()
  }
}

const mostWatched = 200_000

/** Training rows at equal distances, where none are held out. */
function someOf({ userIndex, movieIndex, rating }: Ratings): EvaluationRows {
  const stride = Math.ceil(rating.length / mostWatched)
  const isTaken = (_: number, row: number) => row % stride === 0
  return {
    userIndex: Int32Array.from(userIndex.filter(isTaken)),
    movieIndex: Int32Array.from(movieIndex.filter(isTaken)),
    rating: rating.filter(isTaken),
  }
}
