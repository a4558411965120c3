import { MarqueeError } from '../../errors.ts'
import type { RankingFactors } from '../../model/model.ts'
import {
  lastRefinementSteps,
  mostSolvedRatings,
  type ResolvedRankingSpec,
  refinementSteps,
} from '../../model/spec/ranking-spec.ts'
import { compileKernels } from '../../numeric/kernels/kernels.ts'
import { startThreads, type Threads } from '../../numeric/kernels/threads.ts'
import { ownThreads } from '../../numeric/parallel/own-threads.ts'
import { evenSpans } from '../engines/simd/ratings-by-row.ts'
import { type Pulse, partOf } from '../pulse.ts'
import { leanUsersOnMean, likedShares, meanUserOf } from './mean-user.ts'
import {
  beginFit,
  factorsOf,
  layOutRanking,
  type RankingMemory,
  type RankingTask,
  type Side,
  weighUsers,
} from './ranking-memory.ts'

/** Spans of a side that are solved at once at most, each with scratch of its own. */
const parts = 32

/**
 * Implicit matrix factorisation by alternating least squares (Hu, Koren & Volinsky, "Collaborative
 * filtering for implicit feedback datasets", 2008), regularised by frequency (Rendle et al.,
 * "Revisiting the performance of iALS on item recommendation benchmarks", 2021). It minimises
 *
 *   Σ_rated (t_ui − u·v)² + α Σ_all (u·v)²
 *     + λ Σ_u (n_u + α·movies)^ν ‖u‖² + λ Σ_i (n_i + α·users)^ν ‖v‖²
 *
 * with α `unobservedWeight`, λ `regularization`, ν its exponent, n the ratings of a row and t as of
 * `targetOf`. That paper takes ν = 1; on MovieLens 100K and latest-small ν = ½ ranks better. In the
 * end the users are solved once more, with their ratings weighed by recency: movies are what
 * everybody says, a user is what they like by now; and users lean on the mean user by how few
 * their ratings are. With `isRefined` the halves take a few steps of conjugate gradients from the epoch
 * before instead, the last one some more. The number of threads changes no bit. A
 * `diverged` error when a row cannot be solved, a `no-engine` one when the memory is too small.
 */
export async function fitRanking(
  task: RankingTask,
  pulse: Pulse,
  threadCount = ownThreads(),
  isRefined = task.rows.rating.length > mostSolvedRatings,
): Promise<RankingFactors> {
  await pulse.beat(0)
  const fits = await openRankingFits(task, threadCount, isRefined)
  try {
    return await fits.fit(task.spec, pulse)
  } finally {
    fits.close()
  }
}

/** Fits of one ranking after the other to the same ratings. Whoever opens them closes them. */
export type RankingFits = {
  /** A fit as of `fitRanking`, of no more factors than was opened, the targets and the recency the same. */
  fit(spec: ResolvedRankingSpec, pulse: Pulse): Promise<RankingFactors>
  close(): void
}

/** Lays ratings out and starts threads, for fits of as many factors as the task's or fewer. */
export async function openRankingFits(
  task: RankingTask,
  threadCount = ownThreads(),
  isRefined = task.rows.rating.length > mostSolvedRatings,
): Promise<RankingFits> {
  const laidOut = layOutRanking(task, parts)
  const module = await compileKernels()
  const threads = startThreads(module, laidOut.arena.memory, Math.min(threadCount, parts))
  const { rows, likedFrom } = task
  let share: Float64Array | undefined
  return {
    async fit(spec, pulse) {
      const memory = beginFit(laidOut, { ...task, spec })
      await runHalves(memory, threads, { ...task, spec }, isRefined, pulse)
      const userFactors = factorsOf(memory, memory.users, spec.factors)
      const movieFactors = factorsOf(memory, memory.movies, spec.factors)
      share ??= likedShares(rows, likedFrom, spec.recency)
      const meanUser = meanUserOf(share, movieFactors)
      leanUsersOnMean(rows, userFactors, meanUser, spec.priorRatings)
      return { userFactors, movieFactors, meanUser }
    },
    close: threads.terminate,
  }
}

/** Solves both sides in turn, the users last, with their ratings weighed. */
async function runHalves(
  memory: RankingMemory,
  threads: Threads,
  task: RankingTask,
  isRefined: boolean,
  pulse: Pulse,
): Promise<void> {
  const { users, movies } = memory
  const solve = createSolving(memory, threads, task)
  const halves = 2 * task.spec.epochs + 1
  for (let half = 0; half < halves; half++) {
    const [solved, fixed] = half % 2 === 0 ? [users, movies] : [movies, users]
    const isLast = half === halves - 1
    if (isLast) weighUsers(memory, task)
    const part = partOf(pulse, half / halves, (half + 1) / halves)
    const steps = isLast ? lastRefinementSteps : refinementSteps
    // Users that stand at zero are far from what they become: they are solved.
    const isNear = isRefined && task.spec.epochs > 0
    await solve(solved, fixed, isNear ? steps : null, part)
    // The halves of few ratings end before their threads are looked at.
    if (pulse.isDue()) await pulse.beat((half + 1) / halves)
  }
}

/**
 * Solves one side, the other one standing still; with `steps`, takes so many steps of conjugate gradients
 * towards that.
 */
function createSolving(memory: RankingMemory, threads: Threads, { spec }: RankingTask) {
  const { arena, scratch, gram, size } = memory
  const matrices = scratch.map((a) => arena.f32(a, size * size))

  const computeGram = async ({ table, rows }: Side) => {
    const bound = (part: number) => Math.floor((part * rows) / parts)
    const calls = scratch.map((a, part) => [table, bound(part), bound(part + 1), size, a] as const)
    for (const matrix of matrices) matrix.fill(0)
    await threads.run({ kernel: 'addGram', rounds: [calls] })
    const sum = arena.f32(gram, size * size).fill(0)
    for (const matrix of matrices)
      for (let i = 0; i < sum.length; i++) sum[i]! += spec.unobservedWeight * matrix[i]!
    // What stands under the diagonal the sums leave out.
    for (let i = 0; i < size; i++)
      for (let j = 0; j < i; j++) sum[i * size + j] = sum[j * size + i]!
  }

  return async (solved: Side, fixed: Side, steps: number | null, pulse: Pulse): Promise<void> => {
    await computeGram(fixed)
    const start = arena.u32(solved.start, solved.rows + 1)
    const { task } = solved
    // A row's Cholesky costs k³/3, each of its ratings k²/2; a residual or a step k², a rating 2k.
    const costOfRow = steps ? size / 2 : (2 / 3) * size
    const spans = evenSpans(start, costOfRow, parts)
    const failures = steps
      ? await threads.run(
          {
            kernel: 'refineRows',
            rounds: [spans.map(([from, to], i) => [task, from, to, steps, scratch[i]!] as const)],
          },
          pulse.beat,
        )
      : await threads.run(
          {
            kernel: 'solveRows',
            rounds: [spans.map(([from, to], i) => [task, from, to, scratch[i]!] as const)],
          },
          pulse.beat,
        )
    const unsolved = failures.reduce((sum, count) => sum + count, 0)
    if (unsolved > 0)
      throw new MarqueeError(
        'diverged',
        `The ranking of ${unsolved} users or movies cannot be solved: its numbers are too large or not finite. Try a higher ranking.regularization.`,
      )
  }
}
