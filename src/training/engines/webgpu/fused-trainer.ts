import type { Ratings } from '../../../model/data/ratings.ts'
import type { DotSpec } from '../../../model/spec/training-spec.ts'
import type { EpochPlan, Trainer, TrainerTask } from '../../trainer.ts'
import { createEpochOrders } from '../epoch-orders.ts'
import { initialWeights } from '../initial-weights.ts'
import { offsetsOf } from '../offsets.ts'
import { type Buffers, createBuffers } from './buffers.ts'
import { createRecorder } from './dispatch.ts'
import { stepBytes, stepStride } from './kernels.ts'
import type { OpenDevice } from './open-device.ts'
import { createKernels, type KernelBuffers } from './pipelines.ts'
import { createBatchSorter } from './sort-batches.ts'
import { groupsOf, stepTable, writeStep } from './steps.ts'
import { tablesOf } from './tables.ts'

/** Steps in one command buffer at most, and a time that it should about take. */
const mostSteps = 1_024
const aimMs = 20
/**
 * The loss is read back after so many steps, whatever the time, so that its sum is always the same.
 */
const stepsPerReading = 4_096

/**
 * Minibatch SGD or Adam with the batches, rates and updates of engine `tensorflow`: two dispatches
 * a step, tables and ratings resident, the epoch's order uploaded at its start and its batches sorted
 * there, many steps in one command buffer and nothing read back within an epoch but the loss.
 */
export function createFusedTrainer(
  { spec, rows, ratingRange, start, warm }: TrainerTask & { readonly spec: DotSpec },
  open: OpenDevice,
): Trainer {
  const { device } = open
  const ratings = rows.rating.length
  const stepsPerEpoch = Math.ceil(ratings / spec.batchSize)
  const initial = initialWeights(spec, rows.users.size, rows.movies.size, { start, warm })
  const tables = tablesOf(initial)
  const allRows = rows.users.size + rows.movies.size
  const floats = allRows * tables.width
  const memory = createBuffers(open)
  const buffers = allocate(memory, { spec, ratings, allRows, width: tables.width })
  const kernels = createKernels(device, buffers, {
    users: rows.users.size,
    rows: allRows,
    width: tables.width / 4,
    ratings,
    hasBias: initial.userBias !== null,
    isAdam: spec.optimizer === 'adam',
  })
  const recorder = createRecorder(device, kernels, floats / 4, open.mostGroups)
  const { queue } = device
  queue.writeBuffer(buffers.p, 0, tables.pack())
  for (const name of ['userIndex', 'movieIndex'] as const)
    queue.writeBuffer(buffers[name], 0, rows[name] as Uint32Array<ArrayBuffer>)
  queue.writeBuffer(buffers.rating, 0, withOffsets(rows, start))

  const sorter = createBatchSorter(open, memory, buffers, { ratings, batchSize: spec.batchSize })
  const orders = createEpochOrders(spec, ratings)
  const lossFloats = groupsOf(Math.min(spec.batchSize, ratings))
  /** The squared errors since the last call. */
  const drainLoss = async () => {
    const sums = new Float32Array(await memory.read(buffers.squared, 4 * lossFloats))
    const encoder = device.createCommandEncoder()
    encoder.clearBuffer(buffers.squared)
    queue.submit([encoder.finish()])
    return sums.reduce((total, sum) => total + sum, 0)
  }
  const table = stepTable(mostSteps)
  const submit = (from: number, to: number, plan: EpochPlan) => {
    const counts: number[] = []
    for (let step = from; step < to; step++) {
      const number = plan.epoch * stepsPerEpoch + step + 1
      const rates = plan.ratesAt(step)
      writeStep(table, step - from, { step, number, rates }, { spec, ratings, ratingRange })
      counts.push(Math.min(spec.batchSize, ratings - step * spec.batchSize))
    }
    queue.writeBuffer(buffers.steps, 0, table.buffer, 0, (to - from - 1) * stepStride + stepBytes)
    recorder.submit(counts)
  }

  return {
    stepsPerEpoch,
    async trainEpoch(plan) {
      const { epoch, pulse, onStep } = plan
      sorter.sort(await orders.of(epoch, pulse))
      let squared = 0
      let atOnce = onStep ? 1 : 4
      let last = performance.now()
      let inFlight: Promise<unknown> = Promise.resolve()
      for (let from = 0; from < stepsPerEpoch; ) {
        const untilReading = stepsPerReading - (from % stepsPerReading)
        const to = Math.min(from + Math.min(atOnce, untilReading), stepsPerEpoch)
        submit(from, to, plan)
        // While the device works on this, the next steps are recorded.
        const done = queue.onSubmittedWorkDone()
        await inFlight
        inFlight = done
        if (!onStep) atOnce = paced(atOnce, performance.now() - last)
        last = performance.now()
        if (onStep || to % stepsPerReading === 0 || to === stepsPerEpoch) {
          const ofSteps = await drainLoss()
          squared += ofSteps
          if (!Number.isFinite(squared)) break
          const ofRows = Math.min(to * spec.batchSize, ratings) - from * spec.batchSize
          if (onStep?.(ofSteps / ofRows) === false) break
        }
        from = to
        if (pulse.isDue()) await pulse.beat(to / stepsPerEpoch)
      }
      return { mse: squared / ratings }
    },
    weights: async () => tables.unpack(new Float32Array(await memory.read(buffers.p, floats * 4))),
    state: stateOn(device, memory, [buffers.p, buffers.m, buffers.v], floats * 4),
    dispose() {
      orders.dispose()
      memory.dispose()
    },
  }
}

/** Each rating and what is added to its u·v, [rows][2]. */
function withOffsets(rows: Ratings, start: TrainerTask['start']): Float32Array<ArrayBuffer> {
  const offsets = start && offsetsOf(rows, start)
  const pairs = new Float32Array(2 * rows.rating.length)
  for (let row = 0; row < rows.rating.length; row++) {
    pairs[2 * row] = rows.rating[row]!
    if (offsets) pairs[2 * row + 1] = offsets[row]!
  }
  return pairs
}

/** Steps to record at once next time, so that they take about as long as is aimed at. */
function paced(atOnce: number, ms: number): number {
  const wanted = Math.round((atOnce * aimMs) / Math.max(ms, 0.1))
  return Math.max(1, Math.min(wanted, 2 * atOnce, mostSteps))
}

function allocate(
  memory: Buffers,
  {
    spec,
    ratings,
    allRows,
    width,
  }: { spec: DotSpec; ratings: number; allRows: number; width: number },
): KernelBuffers {
  const table = `${allRows.toLocaleString('en')} rows of ${width} numbers`
  const places = 2 * 16 * groupsOf(Math.min(spec.batchSize, ratings))
  const ofRatings = `${ratings.toLocaleString('en')} ratings`
  return {
    steps: memory.uniform(mostSteps * stepStride),
    p: memory.storage(table, allRows * width * 4),
    m: memory.storage(table, allRows * width * 4),
    v: memory.storage(table, spec.optimizer === 'adam' ? allRows * width * 4 : 16),
    sums: memory.storage(`the gradients of a batch of ${spec.batchSize}`, places * width * 4),
    marks: memory.storage(table, allRows * 12),
    squared: memory.storage('the losses', 4 * groupsOf(Math.min(spec.batchSize, ratings))),
    userIndex: memory.storage(ofRatings, ratings * 4),
    movieIndex: memory.storage(ofRatings, ratings * 4),
    rating: memory.storage(ofRatings, ratings * 8),
    lists: memory.storage(`the batches of ${ofRatings}`, 2 * ratings * 4),
  }
}

/** The optimiser's whole state: the buffers one after the other. */
function stateOn(
  device: GPUDevice,
  memory: Buffers,
  buffers: readonly GPUBuffer[],
  bytes: number,
): NonNullable<Trainer['state']> {
  const sizes = buffers.map((buffer) => Math.min(buffer.size, bytes))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  return {
    layout: 'webgpu',
    async save() {
      const saved = new Uint8Array(total)
      let at = 0
      for (const [i, buffer] of buffers.entries()) {
        saved.set(new Uint8Array(await memory.read(buffer, sizes[i]!)), at)
        at += sizes[i]!
      }
      return saved
    },
    restore(saved) {
      if (saved.length !== total)
        throw new RangeError(`a state of ${saved.length} bytes, expected ${total}`)
      let at = 0
      for (const [i, buffer] of buffers.entries()) {
        device.queue.writeBuffer(buffer, 0, saved.slice(at, at + sizes[i]!))
        at += sizes[i]!
      }
    },
  }
}
