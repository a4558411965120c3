import { MarqueeError } from '../../errors.ts'
import type { RatingScale } from '../../model/data/rating-scale.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import type { ResolvedRankingSpec } from '../../model/spec/ranking-spec.ts'
import { targetOf } from '../../model/spec/ranking-targets.ts'
import { type Arena, type ArenaPlan, planArena } from '../../numeric/kernels/arena.ts'
import { panelBytes, refineBytes } from '../../numeric/kernels/kernels.ts'
import { writeStruct } from '../../numeric/kernels/struct.ts'
import { alternatingSide } from '../../numeric/kernels/structs.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import { createRandom } from '../../numeric/random/random.ts'
import { groupByRow } from '../engines/simd/ratings-by-row.ts'
import { weighByRecency } from './recency-weights.ts'

/** The ratings and settings that a ranking is fitted to. */
export type RankingTask = {
  readonly rows: Ratings
  readonly spec: ResolvedRankingSpec
  readonly seed: number
  /** The lowest and the highest rating. */
  readonly scale: RatingScale
  readonly likedFrom: number
  /** [movies, factors] The movies' vectors to begin with, instead of random ones. */
  readonly start?: Matrix
}

/** The users or the movies in the kernels' memory, by the addresses of their arrays. */
export type Side = {
  readonly rows: number
  /** The struct of its solving, see `writeTask`. */
  readonly task: number
  /** [rows, size] The factors, zeros behind them. */
  readonly table: number
  /** [rows + 1], [ratings], [ratings]; see `groupByRow`. */
  readonly start: number
  readonly index: number
  readonly target: number
  /** [rows] λ(w_i + α·others)^ν, w_i being what the ratings of the row weigh together */
  readonly diagonal: number
}

export type RankingMemory = {
  readonly arena: Arena
  readonly users: Side
  readonly movies: Side
  /** The address of what the ratings of `users` weigh by recency [ratings]; worked out when first asked for. */
  userWeight(): number
  /** α times the Gram matrix of the side that stands still. */
  readonly gram: number
  /** For each part of a side, a matrix and a panel behind it, or what steps of conjugate gradients need. */
  readonly scratch: readonly number[]
  /** The numbers in a row: the factors, rounded up for the kernels. */
  readonly size: number
}

/**
 * Lays the ratings of a task out, for fits of as many factors or fewer with the same targets and recency.
 * A `no-engine` error where they have no room.
 */
export function layOutRanking(task: RankingTask, parts: number): RankingMemory {
  const { rows, spec } = task
  const size = sizeOf(spec)
  const plan = planArena()
  const users = planSide(plan, rows.users.size, size, rows.rating.length)
  const movies = planSide(plan, rows.movies.size, size, rows.rating.length)
  const userWeight = plan.take(rows.rating.length * 4)
  const gram = plan.take(size * size * 4)
  const scratchBytes = Math.max(size * size * 4 + panelBytes(size), refineBytes(size))
  const scratch = Array.from({ length: parts }, () => plan.take(scratchBytes))
  const arena = createOrRefuse(plan)
  const target = rows.rating.map(targetOf(spec.lowTarget, task.likedFrom, task.scale))
  fillSide(arena, users, rows.userIndex, rows.movieIndex, target)
  fillSide(arena, movies, rows.movieIndex, rows.userIndex, target)
  let isWeighed = false
  const weighed = () => {
    if (!isWeighed) weighByRecency(rows, spec.recency, arena.f32(userWeight, rows.rating.length))
    isWeighed = true
    return userWeight
  }
  return { arena, users, movies, userWeight: weighed, gram, scratch, size }
}

/** The memory at the beginning of a fit: the movies at their initial values, all users at zero. */
export function beginFit(laidOut: RankingMemory, task: RankingTask): RankingMemory {
  const memory = { ...laidOut, size: sizeOf(task.spec) }
  const { arena, users, movies, size } = memory
  setDiagonal(arena, users, movies.rows, task.spec, () => 1)
  setDiagonal(arena, movies, users.rows, task.spec, () => 1)
  arena.f32(users.table, users.rows * size).fill(0)
  drawFactors(arena, movies, size, task)
  writeTask(memory, users, movies, 0)
  writeTask(memory, movies, users, 0)
  return memory
}

function sizeOf({ factors }: ResolvedRankingSpec): number {
  return Math.ceil(factors / 8) * 8
}

/**
 * Writes what the kernel reads to solve a side while the other stands still; `weight` 0: all weigh
 * 1.
 */
function writeTask(
  { arena, gram, size }: RankingMemory,
  solved: Side,
  fixed: Side,
  weight: number,
): void {
  writeStruct(arena.view, solved.task, alternatingSide, {
    ...solved,
    solved: solved.table,
    table: fixed.table,
    offsetAt: -1,
    ...{ weight, weightOf: 0, size, gram },
  })
}

/** Weighs users' ratings by recency from here on, in their diagonal, too. */
export function weighUsers(memory: RankingMemory, { rows, spec }: RankingTask): void {
  const { arena, users, movies } = memory
  const address = memory.userWeight()
  const weight = arena.f32(address, rows.rating.length)
  setDiagonal(arena, users, movies.rows, spec, (i) => weight[i]!)
  writeTask(memory, users, movies, address)
}

/** Copies the factors of a side out. */
export function factorsOf(
  { arena, size }: RankingMemory,
  { rows, table }: Side,
  factors: number,
): Matrix {
  const padded = arena.f32(table, rows * size)
  const data = new Float32Array(rows * factors)
  for (let row = 0; row < rows; row++)
    data.set(padded.subarray(row * size, row * size + factors), row * factors)
  return { rows, columns: factors, data }
}

function planSide(plan: ArenaPlan, rows: number, size: number, ratings: number): Side {
  return {
    rows,
    task: plan.take(alternatingSide.bytes),
    table: plan.take(rows * size * 4),
    start: plan.take((rows + 1) * 4),
    index: plan.take(ratings * 4),
    target: plan.take(ratings * 4),
    diagonal: plan.take(rows * 4),
  }
}

function createOrRefuse(plan: ArenaPlan): Arena {
  try {
    return plan.create()
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    const message = `The ranking is too large for the kernels: ${cause.message}. Try fewer factors.`
    throw new MarqueeError('no-engine', message, { cause })
  }
}

function fillSide(
  arena: Arena,
  side: Side,
  own: Uint32Array,
  other: Uint32Array,
  target: Float32Array,
): void {
  groupByRow(own, other, target, {
    start: arena.u32(side.start, side.rows + 1),
    index: arena.u32(side.index, own.length),
    value: arena.f32(side.target, own.length),
  })
}

function setDiagonal(
  arena: Arena,
  side: Side,
  others: number,
  { regularization, regularizationExponent, unobservedWeight }: ResolvedRankingSpec,
  weightOf: (rating: number) => number,
): void {
  const start = arena.u32(side.start, side.rows + 1)
  const diagonal = arena.f32(side.diagonal, side.rows)
  for (let row = 0; row < side.rows; row++) {
    let weight = unobservedWeight * others
    for (let i = start[row]!; i < start[row + 1]!; i++) weight += weightOf(i)
    diagonal[row] = regularization * weight ** regularizationExponent
  }
}

/** v ~ N(0, 0.01/k), which makes u·v small beside the targets. */
function drawFactors(arena: Arena, { rows, table }: Side, size: number, task: RankingTask): void {
  const { factors } = task.spec
  const random = createRandom(task.seed, 'ranking')
  const data = arena.f32(table, rows * size).fill(0)
  if (task.start) {
    for (let row = 0; row < rows; row++)
      data.set(task.start.data.subarray(row * factors, (row + 1) * factors), row * size)
    return
  }
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < factors; k++)
      data[row * size + k] = (0.1 / Math.sqrt(factors)) * random.normal()
}
