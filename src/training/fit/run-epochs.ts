import { MarqueeError } from '../../errors.ts'
import type { EpochReport } from '../../model/epoch-report.ts'
import type { ResolvedSpec } from '../../model/spec/training-spec.ts'
import {
  createPace,
  createSchedule,
  type Pace,
  plannedEpochs,
  type Schedule,
} from '../learning-rate/schedule.ts'
import { createEpochSteps, type EpochWork } from '../progress/epoch-steps.ts'
import { type Pulse, partOf, type StepPulse } from '../pulse.ts'
import type { Trainer, Weights } from '../trainer.ts'
import {
  type Checkpoints,
  decodeProgress,
  encodeProgress,
  type Progress,
  taskOf,
} from './checkpoint.ts'
import { createEarlyStopping } from './early-stopping.ts'
import type { RatingUnit } from './rating-unit.ts'

export type EpochsTask = {
  readonly spec: ResolvedSpec
  readonly trainer: Trainer
  readonly trainRows: number
  /** What the errors of trainer and `validate` are in; reports have them in ratings. */
  readonly unit: Pick<RatingUnit, 'size'>
  /** Ends after so many epochs, the schedule being that of all that are planned. */
  readonly stopAfter?: number | undefined
  readonly pulse: StepPulse
  /** What one epoch takes; without it, as many units as there are rows. */
  readonly work?: EpochWork
  /**
   * The mean squared error on the held-out rows, null where there are none. For reports only; of no
   * use to a trainer that says it itself, and then gives no weights before the end.
   */
  validate(weights: Weights, pulse: Pulse): Promise<number | null>
  /** The mean squared error on the rows set apart to decide when to stop. */
  innerError(weights: Weights, pulse: Pulse): Promise<number>
  onEpoch?: ((report: EpochReport) => void | Promise<void>) | undefined
  readonly checkpoints?: Checkpoints | undefined
}

export type EpochsResult = {
  readonly weights: Weights
  readonly epochs: EpochReport[]
  readonly stepsPerEpoch: number
  /** How many epochs the weights have seen. */
  readonly keptEpochs: number
}

/**
 * Runs the planned epochs, or fewer with early stopping, and gives the last weights, or the best
 * with it. Where a checkpoint of the same task was kept it goes on from there, to the same weights.
 * A `diverged` error when a loss or weight is no longer a finite number.
 */
export async function runEpochs(task: EpochsTask): Promise<EpochsResult> {
  const { spec, trainer, pulse } = task
  const isStepped = 'schedule' in spec
  const schedule = isStepped ? createSchedule(spec) : noRates
  const pace = createPace(isStepped ? spec : { schedule: 'constant' })
  const plannedNow = () => trainer.plannedEpochs?.() ?? plannedEpochs(spec)
  const stopping = spec.earlyStopping && createEarlyStopping<Weights>(spec.earlyStopping.patience)
  const { epochs, innerErrors, best } = (await resume(task)) ?? nothingYet
  const reports = [...epochs]
  const errors = [...innerErrors]
  let weights = await trainer.weights()
  for (const report of reports) {
    pace.learn(report.trainMse)
    // Whoever follows this attempt has seen nothing of the one before.
    await task.onEpoch?.(report)
  }
  let isOver = false
  for (const error of errors) isOver = stopping?.shouldStopAfter(error, best ?? weights) ?? false
  const save = createSaving(task, weights)

  const last = task.stopAfter ?? Number.POSITIVE_INFINITY
  const steps = createEpochSteps(pulse, task.work ?? { units: task.trainRows }, reports.length)
  /** Epochs to come; an early stop is expected where the error has begun to rise. */
  const left = (done: number) => {
    const best = 1 + errors.indexOf(Math.min(...errors))
    const patience = spec.earlyStopping?.patience ?? Number.POSITIVE_INFINITY
    const stop = best < errors.length ? best + patience : Number.POSITIVE_INFINITY
    return Math.min(plannedNow(), last, stop) - done
  }
  for (let epoch = reports.length; epoch < Math.min(plannedNow(), last) && !isOver; epoch++) {
    const planned = plannedNow()
    const step = trainer.steps?.next()
    const part = steps.of(step, step ? trainer.steps!.left(step, epoch) : left(epoch))
    const trained = await trainOnce(task, schedule, pace, epoch, part)
    weights = trained.weights ?? weights
    pace.learn(trained.report.trainMse)
    const done = partOf(part, 1, 1)
    const validMse = await task.validate(weights, done)
    const report = {
      ...trained.report,
      epochs: planned,
      validMse: validMse && task.unit.size ** 2 * validMse,
    }
    reports.push(report)
    await task.onEpoch?.(report)
    if (stopping) {
      errors.push(await task.innerError(weights, done))
      isOver = stopping.shouldStopAfter(errors.at(-1)!, weights)
    }
    steps.end(step)
    await save({ epochs: reports, innerErrors: errors, best: stopping?.best() ?? null })
  }
  if (trainer.watchedMse) {
    await pulse.step('compression').beat(0)
    weights = await trainer.weights()
  }
  const { stepsPerEpoch } = trainer
  const kept = stopping ? errors.indexOf(Math.min(...errors)) + 1 : reports.length
  return { weights: stopping?.best() ?? weights, epochs: reports, stepsPerEpoch, keptEpochs: kept }
}

/** Of a training without steps. */
const noRates: Schedule = () => ({ learningRate: 0, momentum: 0 })

const nothingYet = { epochs: [], innerErrors: [], best: null }

/** Puts the trainer where the checkpoint was taken; null, and nothing happens, without one. */
async function resume({ checkpoints, trainer, spec, trainRows }: EpochsTask) {
  if (!trainer.state || !checkpoints) return null
  const bytes = await checkpoints.load()
  if (!bytes) return null
  const like = await trainer.weights()
  const progress = decodeProgress(bytes, taskOf(spec, trainRows, like, trainer.state.layout), like)
  if (progress) trainer.state.restore(progress.trainer)
  return progress
}

/** Saves the progress after an epoch, when that is due. */
function createSaving({ checkpoints, trainer, spec, trainRows }: EpochsTask, like: Weights) {
  let last = performance.now()
  return async (progress: Omit<Progress, 'trainer'>) => {
    if (!checkpoints || !trainer.state) return
    if (performance.now() - last < checkpoints.intervalMs) return
    const whole = { ...progress, trainer: await trainer.state.save() }
    const belongsTo = taskOf(spec, trainRows, like, trainer.state.layout)
    await checkpoints.save(encodeProgress(whole, belongsTo), progress.epochs.length)
    last = performance.now()
  }
}

async function trainOnce(
  { trainer, trainRows, unit }: EpochsTask,
  schedule: Schedule,
  pace: Pace,
  epoch: number,
  pulse: Pulse,
) {
  const { stepsPerEpoch } = trainer
  const { factor } = pace
  const ratesAt = (step: number) => {
    const { learningRate, momentum } = schedule(epoch * stepsPerEpoch + step, stepsPerEpoch)
    return { learningRate: learningRate * factor, momentum }
  }
  const start = performance.now()
  const { mse, phase } = await trainer.trainEpoch({ epoch, ratesAt, pulse })
  const seconds = (performance.now() - start) / 1_000
  const { learningRate } = ratesAt(stepsPerEpoch - 1)
  const weights = trainer.watchedMse ? null : await trainer.weights()
  if (!Number.isFinite(mse) || (weights && !isAllFinite(weights)))
    throw diverged(epoch + 1, learningRate)
  const report = {
    epoch: epoch + 1,
    trainMse: unit.size ** 2 * mse,
    learningRate: schedule === noRates ? null : learningRate,
    ...(phase && { phase }),
    ratingsPerSecond: trainRows / seconds,
    seconds,
  }
  return { weights, report }
}

function isAllFinite({ userFactors, movieFactors, userBias, movieBias, layers }: Weights): boolean {
  const arrays = [userFactors.data, movieFactors.data, userBias, movieBias]
  for (const { weight, bias } of layers) arrays.push(weight.data, bias)
  return arrays.every((array) => array === null || array.every(Number.isFinite))
}

function diverged(epoch: number, learningRate: number): MarqueeError {
  return new MarqueeError(
    'diverged',
    `The training diverged in epoch ${epoch} at a learning rate of ${learningRate}: its numbers are no longer finite. Try a lower learning rate.`,
  )
}
