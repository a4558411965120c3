import type { Baseline } from '../../../../../model/model.ts'
import type { Grouped } from '../../../../../numeric/counting.ts'
import { createRandom } from '../../../../../numeric/random/random.ts'
import type { EvaluationRows } from '../../../../splitting/training-data.ts'
import type { Weights } from '../../../../trainer.ts'
import { padded } from '../layout.ts'
import type { Memory } from '../sampler.ts'
import { type BothSides, bothSides, type SideName, sideNames } from '../sides.ts'
import { averageKernels } from './average-kernels.ts'
import { type Earlier, earlierScore, withEarlier } from './earlier.ts'
import { createTurning } from './turning.ts'

/**
 * The mean of what the sweeps predict, which no sweep's vectors say, and the predictions of the
 * rows watched. The matrix of all predictions is never formed: what is summed is its product with a
 * basis of each side, see `lowRank`. The bases begin as what the first sweep spans; time and again,
 * see `isTurn`, they become the largest singular vectors so far: a subspace iteration.
 */
export type Average = {
  /** Predicts the rows watched by this sweep alone, as long as none was added. */
  look(): Promise<void>
  /** Adds this sweep to the sums. */
  add(): Promise<void>
  /** The step that adding the next sweep is of. */
  nextStep(): 'sampling' | 'turning'
  /** Sweeps that were added, and how often the bases were made or moved. */
  done(): { readonly averaged: number; readonly turns: number }
  /** Of unknown movies `baseline` is asked, where it is there, of unknown users both. */
  watchedMse(
    watched: EvaluationRows,
    mean: number,
    scale: readonly [number, number],
    baseline?: Baseline,
  ): number
  /** Compressed to one vector for each user and movie. */
  weights(mean: number, baseline?: Baseline): Promise<Weights>
}

/** An average of nothing so far, over the rows in the memory. */
export function createAverage(
  memory: Memory,
  grouped: BothSides<Grouped>,
  seed: number,
  earlier: Earlier | null = null,
): Average {
  const { arena, sizes, state } = memory
  const kernels = averageKernels(memory)
  const { size, factors, known, basis, rank, isComplete } = sizes
  const numbers = arena.f64(state.numbers, 2)
  const basisOf = (side: SideName) => arena.f32(state.bases[side], known[side] * basis)
  const turning = createTurning(memory, grouped)
  const { roots } = turning
  function clearPredictions(): void {
    arena.f32(state.watchedSums, sizes.watched).fill(0)
    for (const side of sideNames) arena.f32(state.coldSums[side], sizes.rows[side]).fill(0)
  }

  const nothing = () => bothSides((side) => new Float32Array(known[side] * rank))

  /**
   * Takes as bases what the rows span, so that nothing of this sweep is lost, then what an earlier
   * average spans, and random numbers.
   */
  async function begin(): Promise<void> {
    for (const side of sideNames) {
      const random = createRandom(seed, `basis-${side}`)
      const rows = arena.f32(state.rows[side], known[side] * size)
      const table = basisOf(side)
      for (let row = 0; row < known[side]; row++) {
        const square = roots[side][row]! ** 2
        for (let column = 0; column < basis; column++) {
          const at = column - factors
          table[row * basis + column] =
            column < factors
              ? rows[row * size + column]! * square
              : earlier && at < earlier.columns
                ? earlier.factors[side][row * earlier.columns + at]! * square
                : random.normal() * roots[side][row]!
        }
      }
      await turning.begin(side)
    }
  }

  /** The vectors of what was summed up, and of an earlier average with it. */
  async function vectors(sweeps: number): Promise<BothSides<Float32Array>> {
    if (!earlier) return turning.read(sweeps)
    const products = bothSides((side) =>
      arena.f32(state.projected[side], padded(known[side]) * basis),
    )
    const kept = bothSides((side) => products[side].slice())
    const bases = bothSides(basisOf)
    const all = withEarlier({ size: basis, bases, products }, earlier, roots, sweeps)
    for (const side of sideNames) products[side].set(all[side])
    const found = await turning.read(sweeps + earlier.sweeps)
    for (const side of sideNames) products[side].set(kept[side])
    return found
  }

  return {
    async look() {
      clearPredictions()
      await kernels.addPredictions()
    },
    nextStep: () => (movesBases(numbers[1]!, isComplete) ? 'turning' : 'sampling'),
    done: () => ({ averaged: numbers[1]!, turns: turnsIn(numbers[1]!, isComplete) }),
    async add() {
      if (numbers[1] === 0) {
        clearPredictions()
        await begin()
        // What an earlier average spans need not be found by turning.
      } else if (movesBases(numbers[1]!, isComplete) && (!earlier || numbers[1]! >= 64))
        await turning.turn()
      numbers[1]! += 1
      for (const side of sideNames) {
        const sums = arena.f64(state.biasSums[side], known[side])
        const rows = arena.f32(state.rows[side], known[side] * size)
        for (let row = 0; row < sums.length; row++) sums[row]! += rows[row * size + factors]!
      }
      await kernels.addPredictions()
      await kernels.addProjections()
    },
    watchedMse({ userIndex, movieIndex, rating }, mean, [lowest, highest], baseline) {
      const sums = arena.f32(state.watchedSums, sizes.watched)
      const sweeps = Math.max(1, numbers[1]!)
      let squared = 0
      for (let i = 0; i < rating.length; i++) {
        const [user, movie] = [userIndex[i]!, movieIndex[i]!]
        const own = sums[i]! / sweeps
        const before = earlier ? earlierScore(earlier, user, movie) : Number.NaN
        const share = Number.isNaN(before) ? 0 : earlier!.sweeps / (earlier!.sweeps + sweeps)
        const sampled = mean + own + (share > 0 ? share * (before - own) : 0)
        const score =
          baseline && movie < 0
            ? baseline.mean + (user < 0 ? 0 : baseline.userBias[user]!)
            : baseline && user < 0
              ? blended(sampled, baseline.mean + baseline.movieBias[movie]!)
              : sampled
        const predicted = Math.min(highest, Math.max(lowest, score))
        squared += (predicted - rating[i]!) ** 2
      }
      return squared / rating.length
    },
    async weights(mean, baseline) {
      const sweeps = Math.max(1, numbers[1]!)
      // Before the first sweep only the shapes are asked for, and nothing has been summed.
      const { user, movie } = numbers[1] === 0 ? nothing() : await vectors(sweeps)
      const counted = sweeps + (earlier?.sweeps ?? 0)
      const biases = bothSides((side) =>
        Float32Array.from(arena.f64(state.biasSums[side], known[side]), (sum, row) => {
          const before = earlier?.bias[side][row] ?? Number.NaN
          return Number.isNaN(before) ? sum / sweeps : (sum + earlier!.sweeps * before) / counted
        }),
      )
      const cold = bothSides((side) =>
        arena.f32(state.coldSums[side], sizes.rows[side]).map((sum) => sum / sweeps),
      )
      const ofNobody = cold.user[known.user]!
      const coldBias = (side: SideName) =>
        Float32Array.from(cold[side].subarray(0, known[side]), (score) => score - ofNobody)
      return {
        userFactors: { rows: known.user, columns: rank, data: user },
        movieFactors: { rows: known.movie, columns: rank, data: movie },
        // The mean rating is in the users', so that those of the movies lie around 0.
        userBias: biases.user.map((bias) => bias + mean),
        movieBias: biases.movie,
        layers: [],
        // On time splits of training rows, movies that nobody had rated were better answered from
        // the damped biases, and users who had rated nothing from both.
        cold: baseline
          ? {
              mean: baseline.mean,
              userBias: baseline.userBias,
              movieBias: baseline.movieBias.map((bias, movie) => {
                return blended(mean + cold.movie[movie]! - baseline.mean, bias)
              }),
            }
          : { mean: mean + ofNobody, userBias: coldBias('user'), movieBias: coldBias('movie') },
      }
    },
  }
}

/** What is said of an unknown user: the mean of what the sweeps and the damped biases say. */
function blended(sampled: number, damped: number): number {
  return (sampled + damped) / 2
}

/** How often the bases are made or moved while so many sweeps are added. */
export function turnsIn(sweeps: number, isComplete: boolean): number {
  return Array.from({ length: sweeps }, (_, n) => movesBases(n, isComplete)).filter(Boolean).length
}

/** At the first sweep they are made. One that is complete, see `basisColumns`, has seen all. */
function movesBases(n: number, isComplete: boolean): boolean {
  return n === 0 || (!isComplete && isTurn(n))
}

/** 1, 2, 4 … 64, 128, 192 …: chains drift, so that bases of long ago miss some of what comes. */
function isTurn(n: number): boolean {
  return n >= 1 && (n < 64 ? Number.isInteger(Math.log2(n)) : n % 64 === 0)
}
