import { MarqueeError } from '../../../errors.ts'
import type { BayesSpec } from '../../../model/training-spec.ts'
import { gamma } from '../../../numeric/gamma.ts'
import { planArena } from '../../../numeric/kernels/arena.ts'
import { instantiateKernels, panelBytes } from '../../../numeric/kernels/kernels.ts'
import { type Call, startThreads } from '../../../numeric/kernels/threads.ts'
import { lowRank } from '../../../numeric/low-rank.ts'
import { createRandom } from '../../../numeric/random.ts'
import { ratingScale } from '../../rating-range.ts'
import type { EpochPlan, Trainer, TrainerTask, Weights } from '../../trainer.ts'
import { stateOf } from '../rows.ts'
import { drawRowPrior, type Moments } from './normal-wishart.ts'
import {
  crossCalls,
  drawTest,
  padded,
  planTest,
  productCalls,
  sketchColumns,
} from './posterior-mean.ts'
import { callsOf, cutRows, type Grouped, groupBy, planSide, writeSide } from './side.ts'

const scalars = 4

/**
 * Bayesian matrix factorisation by Gibbs sampling (Salakhutdinov and Mnih 2008). An epoch is a sweep: the
 * distribution of the users, each user, the distribution of the movies, each movie, the noise. After
 * the burn-in each sweep is added to the average, which is kept as a sketch, see `lowRank`. Beyond its
 * vocabularies each side has one row without ratings: what is expected of an unknown user or movie.
 */
export function createBayesTrainer(
  { spec, rows, watched }: TrainerTask & { readonly spec: BayesSpec },
  module: WebAssembly.Module,
  threadCount: number,
): Trainer {
  const { factors } = spec
  const places = factors + 1
  const size = Math.ceil(places / 8) * 8
  const ratings = rows.rating.length
  const rank = Math.min(spec.savedFactors, rows.users.size, rows.movies.size)
  const { range, corange } = sketchColumns(rank)
  const counts = { user: rows.users.size + 1, movie: rows.movies.size + 1 }
  const pairs = watched?.rating.length ?? 0

  const plan = planArena()
  const user = planSide(plan, counts.user, ratings, size)
  const movie = planSide(plan, counts.movie, ratings, size)
  const omega = planTest(plan, counts.movie, range)
  const psi = planTest(plan, counts.user, corange)
  const right = plan.take(size * (range + corange) * 4)
  const pairsAt = { user: plan.take(pairs * 4), movie: plan.take(pairs * 4) }
  const most = Math.max(counts.user, counts.movie)
  const ones = plan.take(most * 4)
  const rated = { user: plan.take(counts.user * 4), movie: plan.take(counts.movie * 4) }
  const coldPairs = {
    zeros: plan.take(most * 4),
    each: plan.take(most * 4),
    userLast: plan.take(most * 4),
    movieLast: plan.take(most * 4),
  }
  const scratch = Array.from({ length: 33 }, () =>
    plan.take(size * (size + 1) * 4 + panelBytes(size)),
  )
  // From here on: the state.
  const state = plan.take(scalars * 8)
  const rowsAt = {
    user: plan.take(padded(counts.user) * size * 4),
    movie: plan.take(padded(counts.movie) * size * 4),
  }
  const biasSums = { user: plan.take(counts.user * 8), movie: plan.take(counts.movie * 8) }
  const pairSums = plan.take(pairs * 4)
  const coldSums = { user: plan.take(counts.user * 4), movie: plan.take(counts.movie * 4) }
  const y = planTest(plan, counts.user, range)
  const w = planTest(plan, counts.movie, corange)
  const end = plan.take(0)
  const arena = plan.create()
  const kernels = instantiateKernels(module, arena.memory)

  const mean = rows.rating.reduce((sum, rating) => sum + rating, 0) / ratings
  const scale = ratingScale(rows)
  const variance = rows.rating.reduce((sum, rating) => sum + (rating - mean) ** 2, 0) / ratings
  const grouped = {
    user: groupBy(rows.userIndex, counts.user),
    movie: groupBy(rows.movieIndex, counts.movie),
  }
  const fill = (at: typeof user, { start, order }: Grouped, other: Uint32Array) => {
    arena.u32(at.start, start.length).set(start)
    arena.u32(at.index, ratings).set(order.map((row) => other[row]!))
    arena.f32(at.target, ratings).set(Float32Array.from(order, (row) => rows.rating[row]! - mean))
  }
  fill(user, grouped.user, rows.movieIndex)
  fill(movie, grouped.movie, rows.userIndex)
  arena.f32(ones, most).fill(1)
  const present = {
    user: listRated(grouped.user),
    movie: listRated(grouped.movie),
  }
  arena.u32(rated.user, present.user.length).set(present.user)
  arena.u32(rated.movie, present.movie.length).set(present.movie)
  drawTest(arena.f32(omega, counts.movie * range), spec.seed, 'movies')
  drawTest(arena.f32(psi, counts.user * corange), spec.seed, 'users')
  const unknown = { user: rows.users.size, movie: rows.movies.size }
  if (watched) {
    arena.u32(pairsAt.user, pairs).set(watched.userIndex.map((i) => (i < 0 ? unknown.user : i)))
    arena.u32(pairsAt.movie, pairs).set(watched.movieIndex.map((i) => (i < 0 ? unknown.movie : i)))
  }
  arena.u32(coldPairs.each, most).set(Uint32Array.from({ length: most }, (_, i) => i))
  arena.u32(coldPairs.userLast, most).fill(unknown.user)
  arena.u32(coldPairs.movieLast, most).fill(unknown.movie)

  const numbers = arena.f64(state, scalars)
  const cuts = { user: cutRows(grouped.user), movie: cutRows(grouped.movie) }
  const threads = startThreads(module, arena.memory, Math.min(threadCount, 32))
  const perChain = spec.burnIn + spec.sweeps

  function startChain(chain: number): void {
    for (const side of ['user', 'movie'] as const) {
      const random = createRandom(spec.seed, `chain-${chain}-${side}`)
      const data = arena.f32(rowsAt[side], counts[side] * size).fill(0)
      for (let row = 0; row < counts[side] - 1; row++)
        for (let i = 0; i < factors; i++) data[row * size + i] = 0.1 * random.normal()
    }
    numbers[0] = 1 / (variance + 1e-6)
  }

  function momentsOf(side: 'user' | 'movie'): Moments {
    const [a, b, panel] = [
      scratch[0]!,
      scratch[0]! + size * size * 4,
      scratch[0]! + size * (size + 1) * 4,
    ]
    const products = arena.f32(a, size * size).fill(0)
    const sum = arena.f32(b, size).fill(0)
    kernels.addNormalEquations(
      rated[side],
      0,
      ones,
      0,
      present[side].length,
      rowsAt[side],
      size,
      -1,
      panel,
      a,
      b,
    )
    const wanted = new Float64Array(places * places)
    for (let i = 0; i < places; i++)
      for (let j = 0; j < places; j++)
        wanted[i * places + j] = products[Math.min(i, j) * size + Math.max(i, j)]!
    return {
      rows: present[side].length,
      sum: Float64Array.from(sum.subarray(0, places)),
      products: wanted,
    }
  }

  async function drawSide(side: 'user' | 'movie', epoch: number, tick: Tick) {
    const random = createRandom(spec.seed, `${side}-${epoch}`)
    const prior = drawRowPrior(momentsOf(side), random)
    const at = { ...(side === 'user' ? user : movie), rows: rowsAt[side] }
    const others = rowsAt[side === 'user' ? 'movie' : 'user']
    const key = [random.uint32(), random.uint32()] as const
    writeSide(arena, at, others, { size, factors }, { ...prior, noise: numbers[0]!, key })
    const calls = callsOf(at.block, cuts[side], scratch)
    const failures = await threads.run({ kernel: 'drawRows', rounds: [calls] }, tick)
    if (failures.some((count) => count > 0))
      throw new MarqueeError(
        'diverged',
        `The sampling broke down in sweep ${epoch + 1}: a row could not be drawn.`,
      )
  }

  async function drawNoise(epoch: number, tick: Tick): Promise<number> {
    const calls = callsOf(user.block, cuts.user, scratch).map((call) => call.slice(0, 3))
    const squares = await threads.run({ kernel: 'squaredErrors', rounds: [calls] }, tick)
    const square = squares.reduce((sum, part) => sum + part, 0)
    const random = createRandom(spec.seed, `noise-${epoch}`)
    numbers[0] = gamma(1 + ratings / 2, random) / (1 + square / 2)
    return square / ratings
  }

  async function average(isBurnIn: boolean): Promise<void> {
    const sums = [pairSums, coldSums.user, coldSums.movie]
    const lengths = [pairs, counts.user, counts.movie]
    if (isBurnIn || numbers[1] === 0)
      for (const [i, at] of sums.entries()) arena.f32(at, lengths[i]!).fill(0)
    const predictionsOf = (users: number, movies: number, sum: number, length: number) => {
      const calls: Call[] = []
      for (let from = 0; from < length; from += 8_192)
        calls.push([
          rowsAt.user,
          rowsAt.movie,
          users,
          movies,
          sum,
          from,
          Math.min(length, from + 8_192),
          size,
          factors,
        ])
      return calls
    }
    const predictions = [
      ...predictionsOf(pairsAt.user, pairsAt.movie, pairSums, pairs),
      ...predictionsOf(coldPairs.each, coldPairs.movieLast, coldSums.user, counts.user),
      ...predictionsOf(coldPairs.userLast, coldPairs.each, coldSums.movie, counts.movie),
    ]
    await threads.run({ kernel: 'addPredictions', rounds: [predictions] })
    if (isBurnIn) return
    numbers[1]! += 1
    for (const side of ['user', 'movie'] as const) {
      const sum = arena.f64(biasSums[side], counts[side])
      const data = arena.f32(rowsAt[side], counts[side] * size)
      for (let row = 0; row < counts[side]; row++) sum[row]! += data[row * size + factors]!
    }
    const ofPsi = right + size * range * 4
    const cross = [
      ...crossCalls(rowsAt.movie, omega, right, { rows: counts.movie - 1, size, columns: range }),
      ...crossCalls(rowsAt.user, psi, ofPsi, { rows: counts.user - 1, size, columns: corange }),
    ]
    await threads.run({ kernel: 'crossTile', rounds: [cross] })
    const products = [
      ...productCalls(rowsAt.user, right, y, {
        rows: counts.user - 1,
        size,
        factorCount: factors,
        columns: range,
      }),
      ...productCalls(rowsAt.movie, ofPsi, w, {
        rows: counts.movie - 1,
        size,
        factorCount: factors,
        columns: corange,
      }),
    ]
    await threads.run({ kernel: 'addProducts', rounds: [products] })
  }

  function averaged(): Weights {
    // Before the first sweep there is nothing to average, and the sums are zeros.
    const samples = Math.max(1, numbers[1]!)
    const of = (at: number, length: number) => arena.f32(at, length)
    const sketch = {
      rows: unknown.user,
      columns: unknown.movie,
      range,
      corange,
      y: of(y, unknown.user * range).map((sum) => sum / samples),
      w: of(w, unknown.movie * corange).map((sum) => sum / samples),
      psi: of(psi, unknown.user * corange),
    }
    const { left, right } = lowRank(sketch, rank)
    const bias = (side: 'user' | 'movie', constant: number) =>
      Float32Array.from(arena.f64(biasSums[side], unknown[side]), (sum) => sum / samples + constant)
    const coldMean = arena.f32(coldSums.user, counts.user)[unknown.user]! / samples
    const cold = (side: 'user' | 'movie') =>
      arena.f32(coldSums[side], unknown[side]).map((sum) => sum / samples - coldMean)
    return {
      userFactors: { rows: unknown.user, columns: rank, data: left },
      movieFactors: { rows: unknown.movie, columns: rank, data: right },
      userBias: bias('user', mean),
      movieBias: bias('movie', 0),
      layers: [],
      cold: { mean: mean + coldMean, userBias: cold('user'), movieBias: cold('movie') },
    }
  }

  return {
    stepsPerEpoch: 1,
    async trainEpoch({ epoch, pulse }: EpochPlan) {
      const chain = Math.floor(epoch / perChain)
      const sweep = epoch % perChain
      if (sweep === 0) startChain(chain)
      await drawSide('user', epoch, (share) => pulse.beat(0.5 * share))
      await drawSide('movie', epoch, (share) => pulse.beat(0.5 + 0.5 * share))
      const mse = await drawNoise(epoch, async () => pulse.beat(1))
      await average(sweep < spec.burnIn)
      if (pulse.isDue()) await pulse.beat(1)
      return { mse }
    },
    snapshot: async () => averaged(),
    watchedMse() {
      if (!watched || pairs === 0) return Number.NaN
      const sums = arena.f32(pairSums, pairs)
      const samples = Math.max(1, numbers[1]!)
      return watchedError(watched.rating, sums, samples, mean, scale)
    },
    state: stateOf(arena, state, (end - state) / 4),
    dispose: threads.terminate,
  }
}

type Tick = (share: number) => Promise<void>

function listRated({ start }: Grouped): number[] {
  return Array.from({ length: start.length - 1 }, (_, row) => row).filter(
    (row) => start[row + 1]! > start[row]!,
  )
}

function watchedError(
  rating: Float32Array,
  sums: Float32Array,
  samples: number,
  mean: number,
  [lowest, highest]: readonly [number, number],
): number {
  let squared = 0
  for (let i = 0; i < rating.length; i++) {
    const predicted = Math.min(highest, Math.max(lowest, mean + sums[i]! / samples))
    squared += (predicted - rating[i]!) ** 2
  }
  return squared / rating.length
}
