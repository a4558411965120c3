import type { DotSpec } from '../../../model/spec/training-spec.ts'
import { type Arena, planArena } from '../../../numeric/kernels/arena.ts'
import { instantiateKernels, rowWidth } from '../../../numeric/kernels/kernels.ts'
import { writeStruct } from '../../../numeric/kernels/struct.ts'
import { batchEpoch, batchStep } from '../../../numeric/kernels/structs.ts'
import { createRandom, permutation } from '../../../numeric/random/random.ts'
import type { EpochPlan, Trainer, TrainerTask } from '../../trainer.ts'
import { initialWeights } from '../initial-weights.ts'
import { offsetsOf } from '../offsets.ts'
import { type PackedRows, packRows, stateOf, unpackWeights } from './rows.ts'
import { fillProducts, fillSteps } from './step-tables.ts'

/** Ratings between two looks at the pulse. */
const ratingsAtOnce = 16_384

/**
 * Minibatch SGD or Adam with the batches, rates and updates of engine `tensorflow`, on one thread.
 * An untouched row moves at every step there; here it catches up when it is next touched, and all
 * of them at the end of an epoch.
 */
export function createPerBatchTrainer(
  { spec, rows, ratingRange, start, warm }: TrainerTask & { readonly spec: DotSpec },
  module: WebAssembly.Module,
): Trainer {
  const isAdam = spec.optimizer === 'adam'
  const l2 = spec.decay === 'l2' ? spec.weightDecay : 0
  const users = rows.users.size
  const allRows = users + rows.movies.size
  const ratings = rows.rating.length
  const stepsPerEpoch = Math.ceil(ratings / spec.batchSize)
  const leaves = stepsPerEpoch + 1
  const width = rowWidth(spec.factors)
  const stateWidth = width * (isAdam ? 3 : 2)
  const slots = Math.min(2 * spec.batchSize, allRows)

  const plan = planArena()
  const epochAt = plan.take(batchEpoch.bytes)
  const at = {
    userIndex: plan.take(ratings * 4),
    movieIndex: plan.take(ratings * 4),
    rating: plan.take(ratings * 4),
    offset: plan.take(ratings * 4),
    order: plan.take(ratings * 4),
    states: plan.take(allRows * stateWidth * 4),
    settled: plan.take(allRows * 4),
    slot: plan.take(allRows * 4),
    slotRow: plan.take(slots * 4),
    sums: plan.take(slots * width * 4),
    steps: plan.take(leaves * batchStep.bytes),
    products: plan.take(isAdam ? 0 : leaves * 2 * 4 * 8),
  }
  const arena = plan.create()
  const initial = initialWeights(spec, rows.users.size, rows.movies.size, { start, warm })
  arena.u32(at.userIndex, ratings).set(rows.userIndex)
  arena.u32(at.movieIndex, ratings).set(rows.movieIndex)
  arena.f32(at.rating, ratings).set(rows.rating)
  if (start) arena.f32(at.offset, ratings).set(offsetsOf(rows, start))
  const [lowest, highest] = ratingRange ?? [0, 0]
  writeStruct(arena.view, epochAt, batchEpoch, {
    ...at,
    ratings,
    batchSize: spec.batchSize,
    users,
    rows: allRows,
    rowBytes: width * 4,
    leaves,
    isAdam: isAdam ? 1 : 0,
    one: initial.userBias ? 1 : 0,
    l2,
    lowest,
    span: highest - lowest,
  })

  const userRows = rowsFrom(arena, at.states, users, width, stateWidth)
  const movieRows = rowsFrom(
    arena,
    at.states + users * stateWidth * 4,
    rows.movies.size,
    width,
    stateWidth,
  )
  packRows(userRows, 'user', initial.userFactors, initial.userBias)
  packRows(movieRows, 'movie', initial.movieFactors, initial.movieBias)
  const kernels = instantiateKernels(module, arena.memory)

  return {
    stepsPerEpoch,
    async trainEpoch({ epoch, ratesAt, pulse, onStep }: EpochPlan) {
      const order = permutation(ratings, createRandom(spec.seed, `order-${epoch}`))
      arena.u32(at.order, ratings).set(order)
      arena.u32(at.settled, allRows).fill(0)
      const table = arena.f64(at.steps, (leaves * batchStep.bytes) / 8)
      fillSteps(table, spec, ratesAt, stepsPerEpoch, epoch * stepsPerEpoch)
      if (!isAdam) fillProducts(arena.f64(at.products, leaves * 2 * 4), table, l2, stepsPerEpoch)

      const stepsAtOnce = onStep ? 1 : Math.ceil(ratingsAtOnce / spec.batchSize)
      let squared = 0
      let done = 0
      for (let from = 0; from < stepsPerEpoch; from += stepsAtOnce) {
        const to = Math.min(from + stepsAtOnce, stepsPerEpoch)
        const ofSteps = kernels.stepPerBatch(epochAt, from, to)
        squared += ofSteps
        done = to
        // Asked for step by step the rates are any, and only one step at a time is made up exactly
        // then.
        if (onStep) kernels.settleAll(epochAt, done)
        if (!Number.isFinite(squared)) break
        const rowsOfSteps = Math.min(to * spec.batchSize, ratings) - from * spec.batchSize
        if (onStep?.(ofSteps / rowsOfSteps) === false) break
        if (pulse.isDue()) await pulse.beat(to / stepsPerEpoch)
      }
      kernels.settleAll(epochAt, done)
      return { mse: squared / ratings }
    },
    weights: async () => unpackWeights(userRows, movieRows, initial),
    state: stateOf(arena, at.states, allRows * stateWidth),
    dispose() {},
  }
}

function rowsFrom(
  arena: Arena,
  address: number,
  count: number,
  width: number,
  stateWidth: number,
): PackedRows {
  return {
    data: arena.f32(address, count * stateWidth),
    width,
    at: (i) => i * stateWidth,
  }
}
