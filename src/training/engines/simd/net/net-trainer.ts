import type { NetSpec } from '../../../../model/spec/training-spec.ts'
import { planArena } from '../../../../numeric/kernels/arena.ts'
import { instantiateKernels } from '../../../../numeric/kernels/kernels.ts'
import { writeStruct } from '../../../../numeric/kernels/struct.ts'
import { batchRows, net, netLevel, netSide } from '../../../../numeric/kernels/structs.ts'
import { createRandom } from '../../../../numeric/random/random.ts'
import type { Trainer, TrainerTask } from '../../../trainer.ts'
import { initialWeights } from '../../initial-weights.ts'
import { offsetsOf } from '../../offsets.ts'
import {
  batchEpochs,
  planRows,
  planSteps,
  rowConstants,
  rowsFrom,
  stateWidth,
} from '../batch-epochs.ts'
import { packRows, stateOf, unpackRows } from '../rows.ts'
import { layOut, packLayers, unpackLayers } from './net-layout.ts'
import { netSteps } from './net-steps.ts'

/** Ratings that pass forward and back together, as the kernel has it. */
const chunkRows = 32
/** A batch is cut into so many groups at most, if their gradients take so many floats at most. */
const mostGroups = 8
const mostGroupFloats = 2 ** 26

/** Multiplications forward between two looks at the pulse. */
const multiplicationsAtOnce = 2.5e7

/**
 * Minibatch SGD or Adam of a net: a batch goes forward and back in groups of its ratings, whose
 * gradients are added up in one order, so that threads change no bit. Masks are those that engine
 * `tensorflow` draws.
 */
export function createNetTrainer(
  { spec, rows, ratingRange, start, warm }: TrainerTask & { readonly spec: NetSpec },
  module: WebAssembly.Module,
  threadCount: number,
): Trainer {
  const layout = layOut(spec)
  const { levels, weights, userWidth, movieWidth } = layout
  const ratings = rows.rating.length
  const inBatch = Math.min(spec.batchSize, ratings)
  const groups = Math.max(1, Math.min(mostGroups, Math.floor(mostGroupFloats / weights)))
  const sizes = {
    users: { rows: rows.users.size, width: userWidth, inBatch },
    movies: { rows: rows.movies.size, width: movieWidth, inBatch },
    layers: { rows: 1, width: weights, inBatch: 0 },
  }

  const plan = planArena()
  const at = {
    net: plan.take(net.bytes),
    users: plan.take(netSide.bytes),
    movies: plan.take(netSide.bytes),
    layers: plan.take(batchRows.bytes),
    levels: plan.take(levels.length * netLevel.bytes),
    userIndex: plan.take(ratings * 4),
    movieIndex: plan.take(ratings * 4),
    rating: plan.take(ratings * 4),
    offset: plan.take(ratings * 4),
    random: plan.take(16),
    gradients: plan.take(groups * weights * 4),
    scratch: plan.take(groups * chunkRows * layout.signals * 4),
  }
  const steps = planSteps(plan, spec, ratings)
  const users = planRows(plan, spec, sizes.users)
  const movies = planRows(plan, spec, sizes.movies)
  const layers = planRows(plan, spec, sizes.layers)
  const deltas = levels.map(({ width }) => plan.take(Math.ceil(inBatch / 4) * 4 * width * 4))
  const arena = plan.create()

  arena.u32(at.userIndex, ratings).set(rows.userIndex)
  arena.u32(at.movieIndex, ratings).set(rows.movieIndex)
  arena.f32(at.rating, ratings).set(rows.rating)
  if (start) arena.f32(at.offset, ratings).set(offsetsOf(rows, start))
  arena.u32(at.random, 4).set(createRandom(spec.seed, 'dropout').state())
  const { stepsPerEpoch: _, order, ...ofSteps } = steps
  const rowsOf = ({ rows, width }: { rows: number; width: number }) => ({
    ...{ ...ofSteps, ...rowConstants(spec), one: 0 },
    ...{ rows, users: rows, rowBytes: width * 4 },
  })
  writeStruct(arena.view, at.users, netSide, {
    ...{ ...rowsOf(sizes.users), ...users, index: at.userIndex, inputAt: 0, count: 0 },
  })
  writeStruct(arena.view, at.movies, netSide, {
    ...{ ...rowsOf(sizes.movies), ...movies, index: at.movieIndex },
    ...{ inputAt: userWidth * 4, count: 0 },
  })
  writeStruct(arena.view, at.layers, batchRows, { ...rowsOf(sizes.layers), ...layers })
  const { userIndex: _u, movieIndex: _m, net: netAt, ...addresses } = at
  let signals = 0
  levels.forEach(({ one, weightsAt, ...level }, n) => {
    const places = { oneAt: one * 4, weightsAt: weightsAt * 4, deltas: deltas[n]! }
    writeStruct(arena.view, at.levels + n * netLevel.bytes, netLevel, {
      ...level,
      ...places,
      signals,
    })
    signals += level.width * chunkRows * 4
  })
  const [lowest, highest] = ratingRange ?? [0, 0]
  writeStruct(arena.view, netAt, net, {
    ...{ ...addresses, order, ratings, batchSize: spec.batchSize, groups },
    ...{ depth: levels.length - 1, scratchBytes: signals, lowest, span: highest - lowest },
  })

  const initial = initialWeights(spec, rows.users.size, rows.movies.size, { start, warm })
  const packed = (states: number, { rows, width }: { rows: number; width: number }) =>
    rowsFrom(arena, states, { rows, width, each: stateWidth(spec, width) })
  const userRows = packed(users.states, sizes.users)
  const movieRows = packed(movies.states, sizes.movies)
  packRows(userRows, 'user', initial.userFactors, null)
  packRows(movieRows, 'movie', initial.movieFactors, null)
  const layerRow = arena.f32(layers.states, weights)
  packLayers(layerRow, layout, initial.layers)
  const kernels = instantiateKernels(module, arena.memory)
  const { take, dispose } = netSteps(kernels, {
    ...{ net: netAt, groups, work: inBatch * weights, threads: threadCount, module },
    memory: arena.memory,
  })

  return {
    ...batchEpochs({
      ...{ spec, ratings, arena, at: steps, take },
      ratingsAtOnce: Math.ceil(multiplicationsAtOnce / weights),
      begin() {
        arena.u32(users.settled, rows.users.size).fill(0)
        arena.u32(movies.settled, rows.movies.size).fill(0)
      },
      settle(step) {
        kernels.settleAll(at.users, step)
        kernels.settleAll(at.movies, step)
      },
    }),
    weights: async () => ({
      userFactors: unpackRows(userRows, 'user', initial.userFactors, null).factors,
      movieFactors: unpackRows(movieRows, 'movie', initial.movieFactors, null).factors,
      ...{ userBias: null, movieBias: null },
      layers: unpackLayers(layerRow, layout, initial.layers),
    }),
    state: stateOf(
      arena,
      [users.states, rows.users.size * stateWidth(spec, userWidth)],
      [movies.states, rows.movies.size * stateWidth(spec, movieWidth)],
      [layers.states, stateWidth(spec, weights)],
      [at.random, 4],
    ),
    dispose,
  }
}
