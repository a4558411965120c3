import type { DotSpec } from '../../../model/spec/training-spec.ts'
import { countsOf } from '../../../numeric/counting.ts'
import { planArena } from '../../../numeric/kernels/arena.ts'
import { rowWidth } from '../../../numeric/kernels/kernels.ts'
import { writeStruct } from '../../../numeric/kernels/struct.ts'
import { ratingSteps } from '../../../numeric/kernels/structs.ts'
import { type Call, startThreads } from '../../../numeric/kernels/threads.ts'
import { createRandom, permutation } from '../../../numeric/random/random.ts'
import type { EpochPlan, Trainer, TrainerTask } from '../../trainer.ts'
import { initialWeights } from '../initial-weights.ts'
import { offsetsOf } from '../offsets.ts'
import { cutIntoBlocks, parts } from './blocks.ts'
import { type PackedRows, packRows, stateOf, unpackWeights } from './rows.ts'

/**
 * A step for each rating, see `stepPerRating`. An epoch has as many rounds as there are parts, in
 * an order drawn from the seed and the epoch's number; the blocks of a round share no row, so that
 * it does not matter which thread takes which. A step of the schedule is a round. Another `cut` is
 * for measuring what the order inside the blocks costs.
 */
export function createPerRatingTrainer(
  { spec, rows, ratingRange, start, warm }: TrainerTask & { readonly spec: DotSpec },
  module: WebAssembly.Module,
  threadCount: number,
  cut: typeof cutIntoBlocks = cutIntoBlocks,
): Trainer {
  const width = rowWidth(spec.factors)
  const ratings = rows.rating.length
  const plan = planArena()
  const at = {
    task: plan.take(ratingSteps.bytes),
    userIndex: plan.take(ratings * 4),
    movieIndex: plan.take(ratings * 4),
    rating: plan.take(ratings * 4),
    offset: plan.take(ratings * 4),
    userRows: plan.take(rows.users.size * width * 4),
    movieRows: plan.take(rows.movies.size * width * 4),
    userScale: plan.take(rows.users.size * 4),
    movieScale: plan.take(rows.movies.size * 4),
  }
  const arena = plan.create()
  const initial = initialWeights(spec, rows.users.size, rows.movies.size, { start, warm })
  const { order, start: startOf, newUser, newMovie } = cut(rows, spec.seed)
  const userIndex = arena.u32(at.userIndex, ratings)
  const movieIndex = arena.u32(at.movieIndex, ratings)
  const rating = arena.f32(at.rating, ratings)
  const offset = arena.f32(at.offset, ratings)
  const offsets = start && offsetsOf(rows, start)
  for (let i = 0; i < ratings; i++) {
    const row = order[i]!
    userIndex[i] = newUser[rows.userIndex[row]!]!
    movieIndex[i] = newMovie[rows.movieIndex[row]!]!
    rating[i] = rows.rating[row]!
    if (offsets) offset[i] = offsets[row]!
  }
  setScales(arena.f32(at.userScale, rows.users.size), userIndex, spec)
  setScales(arena.f32(at.movieScale, rows.movies.size), movieIndex, spec)

  const rowsOf = (address: number, renumbered: Uint32Array): PackedRows => ({
    data: arena.f32(address, renumbered.length * width),
    width,
    at: (i) => renumbered[i]! * width,
  })
  const users = rowsOf(at.userRows, newUser)
  const movies = rowsOf(at.movieRows, newMovie)
  packRows(users, 'user', initial.userFactors, initial.userBias)
  packRows(movies, 'movie', initial.movieFactors, initial.movieBias)

  const [lowest, highest] = ratingRange ?? [0, 0]
  const { task, ...addresses } = at
  writeStruct(arena.view, task, ratingSteps, {
    ...addresses,
    rowBytes: width * 4,
    weightDecay: spec.weightDecay,
    lowest,
    span: highest - lowest,
  })
  const callOf = (user: number, movie: number, rate: number): Call<typeof kernel> => {
    const block = user * parts + movie
    return [task, startOf[block]!, startOf[block + 1]!, rate]
  }
  const threads = startThreads(module, arena.memory, Math.min(threadCount, parts))

  return {
    stepsPerEpoch: parts,
    async trainEpoch({ epoch, ratesAt, pulse, onStep }: EpochPlan) {
      const shifts = permutation(parts, createRandom(spec.seed, `rounds-${epoch}`))
      const rounds = Array.from(shifts, (shift, round) =>
        Array.from({ length: parts }, (_, part) =>
          callOf(part, (part + shift) % parts, ratesAt(round).learningRate),
        ),
      )
      let squared = 0
      for (const together of onStep ? rounds.map((round) => [round]) : [rounds]) {
        const squares = await threads.run({ kernel, rounds: together }, pulse.beat)
        const ofRounds = squares.reduce((sum, square) => sum + square, 0)
        squared += ofRounds
        const rows = ratingsIn(together[0]!)
        if (onStep && rows > 0 && !onStep(ofRounds / rows)) break
      }
      return { mse: squared / ratings }
    },
    weights: async () => unpackWeights(users, movies, initial),
    state: stateOf(arena, [at.userRows, (at.userScale - at.userRows) / 4]),
    dispose: threads.terminate,
  }
}

const kernel = 'stepPerRating'

/** How many ratings the calls of a round go through. */
function ratingsIn(round: readonly Call<typeof kernel>[]): number {
  return round.reduce((sum, [, from, to]) => sum + to - from, 0)
}

/** Fills in the factor of each row's decay: 1, or 1/√(its ratings). */
function setScales(scales: Float32Array, index: Uint32Array, { decayScale }: DotSpec): void {
  if (decayScale === 'equal') {
    scales.fill(1)
    return
  }
  const ratings = countsOf(index, scales.length)
  for (let i = 0; i < scales.length; i++) scales[i] = 1 / Math.sqrt(ratings[i]!)
}
