import type { SettledSteppedSpec } from '../../../model/spec/training-spec.ts'
import type { Arena, ArenaPlan } from '../../../numeric/kernels/arena.ts'
import { batchStep } from '../../../numeric/kernels/structs.ts'
import { createRandom, permutation } from '../../../numeric/random/random.ts'
import type { Pulse } from '../../pulse.ts'
import type { EpochPlan, Trainer } from '../../trainer.ts'
import type { PackedRows } from './rows.ts'
import { fillProducts, fillSteps } from './step-tables.ts'

/** What the epochs of batches are of. */
export type BatchedSpec = Pick<
  SettledSteppedSpec,
  'optimizer' | 'decay' | 'weightDecay' | 'beta2' | 'epsilon' | 'batchSize' | 'seed'
>

/** Room for what the steps of an epoch need beside rows and ratings. */
export function planSteps(plan: ArenaPlan, { optimizer, batchSize }: BatchedSpec, ratings: number) {
  const stepsPerEpoch = Math.ceil(ratings / batchSize)
  const leaves = stepsPerEpoch + 1
  return {
    stepsPerEpoch,
    leaves,
    order: plan.take(ratings * 4),
    steps: plan.take(leaves * batchStep.bytes),
    products: plan.take(optimizer === 'adam' ? 0 : leaves * 2 * 4 * 8),
  }
}

/** Floats of a row's state: the row, and its averages. */
export function stateWidth({ optimizer }: BatchedSpec, width: number): number {
  return width * (optimizer === 'adam' ? 3 : 2)
}

/** Room for rows, and for the gradients of the most that a batch can have. */
export function planRows(
  plan: ArenaPlan,
  spec: BatchedSpec,
  { rows, width, inBatch }: { rows: number; width: number; inBatch: number },
) {
  const slots = Math.min(inBatch, rows)
  return {
    states: plan.take(rows * stateWidth(spec, width) * 4),
    settled: plan.take(rows * 4),
    slot: plan.take(rows * 4),
    slotRow: plan.take(slots * 4),
    sums: plan.take(slots * width * 4),
  }
}

/** Rows whose states, `each` floats long, begin at an address. */
export function rowsFrom(
  arena: Arena,
  address: number,
  { rows, width, each }: { rows: number; width: number; each: number },
): PackedRows {
  return { data: arena.f32(address, rows * each), width, at: (i) => i * each }
}

/** Adam's first steps, whose 1/(1 − β2ᵗ) no quadrature sums up. */
const earlySteps = 97.5

/** The fields of a `batchRows` that follow from the spec. */
export function rowConstants({ optimizer, decay, weightDecay, beta2, epsilon }: BatchedSpec) {
  return {
    isAdam: optimizer === 'adam' ? 1 : 0,
    l2: decay === 'l2' ? weightDecay : 0,
    beta2,
    epsilon,
    earlyScale: 1 / (1 - beta2 ** earlySteps),
  }
}

type Batches = {
  readonly spec: BatchedSpec
  readonly ratings: number
  readonly arena: Arena
  readonly at: ReturnType<typeof planSteps>
  /** Ratings between two looks at the pulse. */
  readonly ratingsAtOnce: number
  /** An epoch begins: no row has been settled in it. */
  begin(): void
  /** Takes the steps `from` + 1 … `to`. Gives Σ e². */
  take(from: number, to: number, pulse: Pulse): number | Promise<number>
  /** Brings all rows to where a step leaves them. */
  settle(step: number): void
}

/**
 * Epochs with the order, batches and rates of engine `tensorflow`. An untouched row moves at every
 * step there; here it catches up when it is next touched, and all of them at the end of an epoch.
 */
export function batchEpochs(batches: Batches): Pick<Trainer, 'stepsPerEpoch' | 'trainEpoch'> {
  const { spec, ratings, arena, at } = batches
  const { stepsPerEpoch, leaves } = at
  return {
    stepsPerEpoch,
    async trainEpoch({ epoch, ratesAt, pulse, onStep }: EpochPlan) {
      const order = permutation(ratings, createRandom(spec.seed, `order-${epoch}`))
      arena.u32(at.order, ratings).set(order)
      batches.begin()
      const table = arena.f64(at.steps, (leaves * batchStep.bytes) / 8)
      fillSteps(table, spec, ratesAt, stepsPerEpoch, epoch * stepsPerEpoch)
      if (spec.optimizer !== 'adam')
        fillProducts(
          arena.f64(at.products, leaves * 2 * 4),
          table,
          rowConstants(spec).l2,
          stepsPerEpoch,
        )

      const stepsAtOnce = onStep ? 1 : Math.ceil(batches.ratingsAtOnce / spec.batchSize)
      let squared = 0
      let done = 0
      for (let from = 0; from < stepsPerEpoch; from += stepsAtOnce) {
        const to = Math.min(from + stepsAtOnce, stepsPerEpoch)
        const part = {
          ...pulse,
          beat: (share: number) => pulse.beat((from + share * (to - from)) / stepsPerEpoch),
        }
        const ofSteps = await batches.take(from, to, part)
        squared += ofSteps
        done = to
        // Asked for step by step the rates are any, and only one step at a time is made up exactly
        // then.
        if (onStep) batches.settle(done)
        if (!Number.isFinite(squared)) break
        const rowsOfSteps = Math.min(to * spec.batchSize, ratings) - from * spec.batchSize
        if (onStep?.(ofSteps / rowsOfSteps) === false) break
        if (pulse.isDue()) await pulse.beat(to / stepsPerEpoch)
      }
      batches.settle(done)
      return { mse: squared / ratings }
    },
  }
}
