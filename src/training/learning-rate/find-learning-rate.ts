import { MarqueeError } from '../../errors.ts'
import type {
  LearningRatePoint,
  LearningRateSearch,
} from '../../model/spec/learning-rate-search.ts'
import type { ResolvedSpec, SettledSteppedSpec } from '../../model/spec/training-spec.ts'
import { type Pulse, partOf, type StepPulse } from '../pulse.ts'
import type { Engine, Trainer, TrainerTask } from '../trainer.ts'
import { valley } from './valley.ts'

const steps = 100
const lowestRate = 1e-7
const highestRate = 10
const smoothing = 0.98
const stopAt = 4
/** Steps that the suggestion does not look at: the average is still young, or the end is near. */
const skippedAtStart = steps / 10
const skippedAtEnd = 5

export type FindLearningRateOptions = {
  readonly pulse: Pulse
  onPoint?: ((point: LearningRatePoint) => void) | undefined
}

/**
 * fast.ai's learning-rate finder (Smith, "Cyclical learning rates for training neural networks",
 * 2017). A trainer of its own, of which nothing is kept, takes step i = 0 … 99 at the rate lr; its
 * loss is averaged with β = 0.98 and debiased; it stops once that is over four times its lowest:
 *
 *   lr = 10⁻⁷·(10/10⁻⁷)^(i/100)      a ← β·a + (1 − β)·mse      loss = a/(1 − βⁱ⁺¹)
 *
 * A `diverged` error when there are too few finite losses to suggest anything from.
 */
export async function findLearningRate(
  engine: Engine,
  task: TrainerTask & { readonly spec: SettledSteppedSpec },
  { pulse, onPoint }: FindLearningRateOptions,
): Promise<LearningRateSearch> {
  const trainer = engine.createTrainer(task)
  try {
    const points = await sweep(trainer, task.spec.momentum, { pulse, onPoint })
    const candidates = points.slice(skippedAtStart, -skippedAtEnd)
    if (candidates.length === 0) throw tooShort(points.length)
    const chosen = candidates[valley(candidates.map(({ loss }) => loss))]!
    return { suggestion: chosen.learningRate, points }
  } finally {
    trainer.dispose()
  }
}

/** Runs epochs until the steps are taken or the loss has risen too far. */
async function sweep(
  trainer: Trainer,
  momentum: number,
  { pulse, onPoint }: FindLearningRateOptions,
): Promise<LearningRatePoint[]> {
  const { stepsPerEpoch } = trainer
  const points: LearningRatePoint[] = []
  let average = 0
  let lowest = Number.POSITIVE_INFINITY
  let isOver = false
  const onStep = (mse: number): boolean => {
    average = smoothing * average + (1 - smoothing) * mse
    const loss = average / (1 - smoothing ** (points.length + 1))
    isOver = !Number.isFinite(loss)
    if (isOver) return false
    const point = { learningRate: rateOf(points.length), loss }
    points.push(point)
    onPoint?.(point)
    lowest = Math.min(lowest, loss)
    isOver = loss > stopAt * lowest || points.length === steps
    return !isOver
  }
  for (let epoch = 0; !isOver; epoch++) {
    const { mse } = await trainer.trainEpoch({
      epoch,
      ratesAt: (step) => ({ learningRate: rateOf(epoch * stepsPerEpoch + step), momentum }),
      pulse: partOf(pulse, (epoch * stepsPerEpoch) / steps, ((epoch + 1) * stepsPerEpoch) / steps),
      onStep,
    })
    // Weights that overflow end an epoch without a word of that step.
    isOver ||= !Number.isFinite(mse)
  }
  return points
}

/** An epoch may have more steps than are ever taken, and asks for their rates, too. */
function rateOf(step: number): number {
  return lowestRate * (highestRate / lowestRate) ** (Math.min(step, steps) / steps)
}

function tooShort(finite: number): MarqueeError {
  return new MarqueeError(
    'diverged',
    `No learning rate can be suggested: the loss had risen too far after ${finite} of ${steps} steps.`,
  )
}

/**
 * The spec with its learning rate known: where it is "auto", the rate that is found on the engine.
 * Phases keep their proportions, and the highest one gets that rate.
 */
export async function resolveLearningRate(
  engine: Engine,
  task: TrainerTask,
  pulse: StepPulse,
): Promise<ResolvedSpec> {
  const { spec } = task
  if (spec.algorithm === 'bayes') return spec
  if (spec.learningRate !== 'auto') return { ...spec, learningRate: spec.learningRate }
  const { suggestion } = await findLearningRate(
    engine,
    { ...task, spec },
    { pulse: pulse.step('rate') },
  )
  const highest = Math.max(...spec.phases.map(({ learningRate }) => learningRate))
  const phases = spec.phases.map((phase) => {
    return { ...phase, learningRate: (phase.learningRate / highest) * suggestion }
  })
  return { ...spec, learningRate: suggestion, phases }
}
