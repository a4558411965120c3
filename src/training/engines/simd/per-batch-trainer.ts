import type { DotSpec } from '../../../model/spec/training-spec.ts'
import { planArena } from '../../../numeric/kernels/arena.ts'
import { instantiateKernels, rowWidth } from '../../../numeric/kernels/kernels.ts'
import { writeStruct } from '../../../numeric/kernels/struct.ts'
import { batchEpoch } from '../../../numeric/kernels/structs.ts'
import type { Trainer, TrainerTask } from '../../trainer.ts'
import { initialWeights } from '../initial-weights.ts'
import { offsetsOf } from '../offsets.ts'
import {
  batchEpochs,
  planRows,
  planSteps,
  rowConstants,
  rowsFrom,
  stateWidth,
} from './batch-epochs.ts'
import { packRows, stateOf, unpackWeights } from './rows.ts'

/** Minibatch SGD or Adam of the dot products, on one thread. */
export function createPerBatchTrainer(
  { spec, rows, ratingRange, start, warm }: TrainerTask & { readonly spec: DotSpec },
  module: WebAssembly.Module,
): Trainer {
  const users = rows.users.size
  const allRows = users + rows.movies.size
  const ratings = rows.rating.length
  const width = rowWidth(spec.factors)

  const plan = planArena()
  const epochAt = plan.take(batchEpoch.bytes)
  const columns = {
    userIndex: plan.take(ratings * 4),
    movieIndex: plan.take(ratings * 4),
    rating: plan.take(ratings * 4),
    offset: plan.take(ratings * 4),
  }
  const steps = planSteps(plan, spec, ratings)
  const inBatch = 2 * spec.batchSize
  const at = { ...columns, ...planRows(plan, spec, { rows: allRows, width, inBatch }) }
  const arena = plan.create()
  const initial = initialWeights(spec, rows.users.size, rows.movies.size, { start, warm })
  arena.u32(at.userIndex, ratings).set(rows.userIndex)
  arena.u32(at.movieIndex, ratings).set(rows.movieIndex)
  arena.f32(at.rating, ratings).set(rows.rating)
  if (start) arena.f32(at.offset, ratings).set(offsetsOf(rows, start))
  const [lowest, highest] = ratingRange ?? [0, 0]
  const { stepsPerEpoch: _, ...stepFields } = steps
  writeStruct(arena.view, epochAt, batchEpoch, {
    ...at,
    ...stepFields,
    ...rowConstants(spec),
    ratings,
    batchSize: spec.batchSize,
    users,
    rows: allRows,
    rowBytes: width * 4,
    one: initial.userBias ? 1 : 0,
    lowest,
    span: highest - lowest,
  })

  const each = stateWidth(spec, width)
  const userRows = rowsFrom(arena, at.states, { rows: users, width, each })
  const movieRows = rowsFrom(arena, at.states + users * each * 4, {
    ...{ rows: rows.movies.size, width, each },
  })
  packRows(userRows, 'user', initial.userFactors, initial.userBias)
  packRows(movieRows, 'movie', initial.movieFactors, initial.movieBias)
  const kernels = instantiateKernels(module, arena.memory)

  return {
    ...batchEpochs({
      ...{ spec, ratings, arena, at: steps, ratingsAtOnce: 16_384 },
      begin: () => void arena.u32(at.settled, allRows).fill(0),
      take: (from, to) => kernels.stepPerBatch(epochAt, from, to),
      settle: (step) => kernels.settleAll(epochAt, step),
    }),
    weights: async () => unpackWeights(userRows, movieRows, initial),
    state: stateOf(arena, [at.states, allRows * each]),
    dispose() {},
  }
}
