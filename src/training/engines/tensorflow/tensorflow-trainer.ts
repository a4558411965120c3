import * as tf from '@tensorflow/tfjs-core'
import type { SettledSteppedSpec } from '../../../model/spec/training-spec.ts'
import { createRandom, permutation } from '../../../numeric/random/random.ts'
import type { EpochPlan, Trainer, TrainerTask, Weights } from '../../trainer.ts'
import { initialWeights } from '../initial-weights.ts'
import { offsetsOf } from '../offsets.ts'
import { batchOf, dropoutMasks } from './batches.ts'
import { dotObjective } from './dot-objective.ts'
import { netObjective } from './net-objective.ts'
import { createOptimizer, type Optimizer } from './optimizer.ts'
import { toParameters, toWeights } from './parameters.ts'

type SteppedTask = TrainerTask & { readonly spec: SettledSteppedSpec }

/**
 * Minibatch gradient descent on the mean squared error with the backend that is set. Each epoch
 * visits every row once, in an order drawn from the seed and the epoch's number.
 */
export function createTensorflowTrainer(task: SteppedTask): Trainer {
  const { spec, rows } = task
  const initial = initialWeights(spec, rows.users.size, rows.movies.size, task)
  const optimizer = createOptimizer(spec, toParameters(initial))
  const loss = tf.tidy(() => tf.variable(tf.scalar(0)))
  const stepsPerEpoch = Math.ceil(rows.rating.length / spec.batchSize)
  const takeStep = createStep(task, optimizer, loss)

  return {
    stepsPerEpoch,
    async trainEpoch({ epoch, ratesAt, pulse, onStep }: EpochPlan) {
      const order = permutation(rows.rating.length, createRandom(spec.seed, `order-${epoch}`))
      let squaredError = 0
      for (let step = 0; step < stepsPerEpoch; step++) {
        const stepRows = takeStep(order, step, ratesAt(step))
        if (onStep) {
          const ofStep = await drain(loss)
          squaredError += ofStep
          if (!onStep(ofStep / stepRows)) break
        }
        if (!pulse.isDue()) continue
        // Reading the loss also waits for a GPU, so that no more than a beat of work is ever
        // queued.
        squaredError += await drain(loss)
        if (!Number.isFinite(squaredError)) break
        await pulse.beat((step + 1) / stepsPerEpoch)
      }
      squaredError += await drain(loss)
      return { mse: squaredError / rows.rating.length }
    },
    weights: () => readWeights(optimizer, initial),
    dispose() {
      optimizer.dispose()
      loss.dispose()
    },
  }
}

function createStep(
  { spec, rows, ratingRange, start }: SteppedTask,
  optimizer: Optimizer,
  loss: tf.Variable,
) {
  const objective = spec.algorithm === 'net' ? netObjective(ratingRange) : dotObjective(ratingRange)
  const offsets = start ? offsetsOf(rows, start) : null
  const dropout = createRandom(spec.seed, 'dropout')
  /** Takes a step and gives the number of its rows. */
  return (order: Uint32Array, step: number, rates: Parameters<Optimizer['step']>[1]): number => {
    const from = step * spec.batchSize
    const to = Math.min(from + spec.batchSize, order.length)
    tf.tidy(() => {
      const batch = batchOf(rows, offsets, order, from, to)
      const masks = spec.algorithm === 'net' ? dropoutMasks(spec, batch.ratings.size, dropout) : []
      const { squaredError, gradients } = objective(optimizer.parameters, { ...batch, masks })
      optimizer.step(gradients, rates)
      loss.assign(tf.add(loss, squaredError))
    })
    return to - from
  }
}

/** The loss summed since the last call. */
async function drain(loss: tf.Variable): Promise<number> {
  const [sum] = await loss.data()
  tf.tidy(() => {
    loss.assign(tf.scalar(0))
  })
  return sum!
}

async function readWeights(optimizer: Optimizer, like: Weights): Promise<Weights> {
  const data = await Promise.all(optimizer.parameters.map((parameter) => parameter.data()))
  return toWeights(like, data as Float32Array[])
}
