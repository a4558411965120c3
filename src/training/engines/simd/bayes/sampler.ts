import { MarqueeError } from '../../../../errors.ts'
import type { Grouped } from '../../../../numeric/counting.ts'
import type { Arena } from '../../../../numeric/kernels/arena.ts'
import type { Kernels } from '../../../../numeric/kernels/kernels.ts'
import { updateStruct, writeStruct } from '../../../../numeric/kernels/struct.ts'
import { featureGroup, leastSquares } from '../../../../numeric/kernels/structs.ts'
import type { Threads } from '../../../../numeric/kernels/threads.ts'
import { cholesky } from '../../../../numeric/linear/cholesky.ts'
import { gamma } from '../../../../numeric/random/gamma.ts'
import { createRandom, type Random } from '../../../../numeric/random/random.ts'
import { drawRounds, drawStrength, meansRounds, noiseCalls } from './features.ts'
import type { Inputs, Sizes, State } from './layout.ts'
import { drawRowPrior, type Moments, type RowPrior } from './normal-wishart.ts'
import { callsOf, cutRows, writeSide } from './side.ts'
import { type BothSides, bothSides, type SideName, sideNames } from './sides.ts'
import type { Start } from './start.ts'
import { fillUnknownRow, rowShares } from './unknown-row.ts'
import { drawUserWeights } from './user-weights.ts'
import { ratedRows } from './write-inputs.ts'

/** The kernels' memory with its layout, and the threads over it. */
export type Memory = {
  readonly arena: Arena
  readonly kernels: Kernels
  readonly threads: Threads
  readonly sizes: Sizes
  readonly inputs: Inputs
  readonly state: State
}

/** Called every 40 ms of a long computation with the share done; may throw to end it. */
export type Tick = (share: number) => Promise<void>

/** Draws what there is to draw, one after the other given the rest; all in the state. */
export type Sampler = {
  /**
   * Puts a chain at its beginning: the vectors of an earlier training, and new rows at the damped
   * biases, with factors that say almost nothing.
   */
  start(chain: number): void
  drawSide(side: SideName, epoch: number, tick: Tick): Promise<void>
  /** α; gives the mean squared error of the training rows. */
  drawNoise(epoch: number, tick: Tick): Promise<number>
}

/**
 * The deviation of the factors before they were ever drawn: as wide as they become. From a narrow
 * start the errors of FilmTrust fell for 250 sweeps, with this one they are where they stay in 50.
 * Attributes are to say first what they can, so with these they begin narrow: on ML-100K's five
 * folds 0.8750 instead of 0.8757.
 */
const firstSpread = { plain: 0.4, withLabels: 0.1 }
/** The precision of a feature's weights before they were ever drawn, in those of the rows. */
const firstStrength = 10
/**
 * α ~ Gamma(1 + (n₀ + n)/2, 1 + (n₀·s₀ + Σ w_u·e²)/2): what is known of the noise beforehand is worth n₀
 * ratings, whose variance s₀ is a share of what the damped biases leave, since factors find only so
 * much more. Of some thousand ratings alone a chain learns them by heart, and never settles.
 */
const noisePrior = 1
const priorRatings = 2_000
const shareOfNoise = 0.7

/** A sampler whose random numbers depend on the seed and the epoch alone. */
export function createSampler(
  memory: Memory,
  grouped: BothSides<Grouped>,
  first: Start,
  seed: number,
): Sampler {
  const { arena, threads, sizes, inputs, state } = memory
  const { size, places, factors, ratings } = sizes
  const numbers = arena.f64(state.numbers, 2)
  const userWeights = arena.f64(state.weightOfUser, sizes.rows.user)
  const cuts = bothSides((side) => cutRows(grouped[side].start))
  const shares = bothSides((side) => rowShares(grouped[side].start, side))
  const rated = bothSides((side) => ratedRows(grouped[side].start).length)
  /** Whether the means of the rows are those of the weights, which a checkpoint may bring anew. */
  const hasMeans = { user: false, movie: false }

  /** The moments of the rows with ratings, less what their features say. */
  function rowMoments(side: SideName): Moments {
    const index = inputs.sides[side].rated
    if (inputs.means[side] === 0) return momentsOf(memory, index, rated[side], state.rows[side])
    const length = sizes.rows[side] * size
    const rows = arena.f32(state.rows[side], length)
    const means = arena.f32(inputs.means[side], length)
    const differences = arena.f32(inputs.differences, length)
    for (let i = 0; i < length; i++) differences[i] = rows[i]! - means[i]!
    return momentsOf(memory, index, rated[side], inputs.differences)
  }

  /**
   * Σ λ_f·B_fB_fᵀ over all groups. Weights that stand at zero, never drawn, do not count: they would
   * make the rows seem as much alike as they are many.
   */
  function weightProducts(side: SideName): Parameters<typeof drawRowPrior>[1] {
    const products = new Float64Array(places * places)
    let count = 0
    for (const [i, { features }] of inputs.groups[side].entries()) {
      const strength = arena.f64(state.strengths[side], i + 1)[i]!
      const own = momentsOf(memory, inputs.each, features, state.weights[side][i]!)
      if (own.products.every((product) => product === 0)) continue
      count += features
      for (const [at, product] of own.products.entries()) products[at]! += strength * product
    }
    return { count, products }
  }

  async function drawWeights(side: SideName, prior: RowPrior, random: Random): Promise<void> {
    const groups = inputs.groups[side]
    const strengths = arena.f64(state.strengths[side], groups.length)
    writeRoot(memory, prior)
    arena.f32(inputs.sides[side].mean, size).fill(0).set(prior.mean)
    for (const [i, { block }] of groups.entries())
      updateStruct(arena.view, block, featureGroup, {
        key: drawKey(random),
        strength: strengths[i]!,
      })
    await threads.run({ kernel: 'drawFeatureNoise', rounds: [noiseCalls(groups)] })
    await threads.run({ kernel: 'drawFeatures', rounds: drawRounds(groups, size) })
    await threads.run({ kernel: 'addFeatureMeans', rounds: meansRounds(groups, cuts[side]) })
    for (const [i, { features }] of groups.entries()) {
      const { products } = momentsOf(memory, inputs.each, features, state.weights[side][i]!)
      strengths[i] = drawStrength(features, products, prior.precision, places, random)
    }
  }

  return {
    start(chain) {
      userWeights.fill(1)
      const spread = inputs.hasLabels ? firstSpread.withLabels : firstSpread.plain
      for (const side of sideNames) {
        const random = createRandom(seed, `chain-${chain}-${side}`)
        const rows = arena.f32(state.rows[side], sizes.rows[side] * size).fill(0)
        for (let row = 0; row < sizes.known[side]; row++)
          for (let i = 0; i <= factors; i++)
            rows[row * size + i] = i < factors ? spread * random.normal() : first[side][row]!
        for (let row = 0; row < sizes.known[side]; row++)
          rows.set(first.factors(side, row) ?? [], row * size)
        for (const [i, { features }] of inputs.groups[side].entries())
          arena.f32(state.weights[side][i]!, features * size).fill(0)
        arena.f64(state.strengths[side], inputs.groups[side].length).fill(firstStrength)
        hasMeans[side] = false
      }
      numbers[0] = 1 / (first.variance + 1e-6)
    },
    async drawSide(side, epoch, tick) {
      const random = createRandom(seed, `${side}-${epoch}`)
      const groups = inputs.groups[side]
      if (groups.length > 0 && !hasMeans[side]) {
        await threads.run({ kernel: 'addFeatureMeans', rounds: meansRounds(groups, cuts[side]) })
        hasMeans[side] = true
      }
      const prior = drawRowPrior(rowMoments(side), weightProducts(side), random)
      if (groups.length > 0) await drawWeights(side, prior, random)
      const key = drawKey(random)
      arena.f32(inputs.weightOfUser, sizes.rows.user).set(userWeights)
      writeSide(arena, side, inputs, state, sizes, { ...prior, noise: numbers[0]!, key })
      const calls = callsOf(inputs.sides[side].block, cuts[side], inputs.scratch)
      const failures = await threads.run({ kernel: 'drawRows', rounds: [calls] }, tick)
      if (failures.some((count) => count > 0)) throw brokenDown(epoch)
      fillUnknownRow(arena.f32(state.rows[side], sizes.rows[side] * size), shares[side])
    },
    async drawNoise(epoch, tick) {
      const calls = cuts.user.map(([from, to]) => [inputs.sides.user.block, from, to] as const)
      const squares = await threads.run({ kernel: 'squaredErrors', rounds: [calls] }, tick)
      const square = squares.reduce((sum, part) => sum + part, 0)
      const random = createRandom(seed, `noise-${epoch}`)
      const errors = arena.f64(inputs.sides.user.errors, sizes.rows.user)
      drawUserWeights(userWeights, errors, grouped.user.start, numbers[0]!, random)
      const weighted = errors.reduce((sum, own, user) => sum + own * userWeights[user]!, 0)
      const known = priorRatings * shareOfNoise * first.variance
      numbers[0] =
        gamma(noisePrior + (priorRatings + ratings) / 2, random) /
        (noisePrior + (known + weighted) / 2)
      return square / ratings
    },
  }
}

/** A seed of the kernels' draws: two random words, the low one first. */
function drawKey(random: Random): bigint {
  return BigInt(random.uint32()) | (BigInt(random.uint32()) << 32n)
}

/** Sum and products of the rows of a table [rows, size] that an index names. */
function momentsOf(
  { arena, kernels, sizes: { size, places }, inputs }: Memory,
  index: number,
  length: number,
  table: number,
): Moments {
  const a = inputs.scratch[0]!
  const b = a + size * size * 4
  const panel = b + 2 * size * 4
  const products = arena.f32(a, size * size).fill(0)
  const sum = arena.f32(b, size).fill(0)
  writeStruct(arena.view, inputs.tasks.moments, leastSquares, {
    // All are observations of one row, whose ratings begin nowhere in memory.
    start: 0,
    index,
    ...{ weight: 0, weightOf: 0 },
    target: inputs.ones,
    table,
    size,
    offsetAt: -1,
  })
  kernels.addNormalEquations(inputs.tasks.moments, 0, length, panel, a, b)
  const wanted = new Float64Array(places * places)
  for (let i = 0; i < places; i++)
    for (let j = 0; j < places; j++)
      wanted[i * places + j] = products[Math.min(i, j) * size + Math.max(i, j)]!
  return { rows: length, sum: Float64Array.from(sum.subarray(0, places)), products: wanted }
}

/** R with RᵀR = Λ, where the kernel that draws the noise of features reads it. */
function writeRoot({ arena, sizes: { size, places }, inputs }: Memory, { precision }: RowPrior) {
  const l = cholesky(precision, places)
  const r = arena.f32(inputs.root, size * size).fill(0)
  for (let i = 0; i < size; i++)
    if (i >= places) r[i * size + i] = 1
    else for (let j = 0; j <= i; j++) r[j * size + i] = l[i * places + j]!
}

function brokenDown(epoch: number): MarqueeError {
  return new MarqueeError(
    'diverged',
    `The sampling broke down in sweep ${epoch + 1}: the ratings leave a row that cannot be drawn. Try fewer factors.`,
  )
}
