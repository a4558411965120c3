import { rankingRows, ratingRows } from '../../../model/movie-rows.ts'
import { compileKernels } from '../../../numeric/kernels/kernels.ts'
import { ownThreads } from '../../../numeric/parallel/own-threads.ts'
import { inSharedMemory } from '../../../numeric/parallel/shared-memory.ts'
import { programBeside, runSpans } from '../../../numeric/parallel/spans.ts'
import { addTo, fullBitSet, removeFrom } from '../../../numeric/search/bit-set.ts'
import { membersOf } from '../../../numeric/search/sorted-rows.ts'
import type { Pulse } from '../../pulse.ts'
import type { RankingCases } from '../ranking-cases.ts'
import { createLister } from './lister.ts'
import type { Ordering, Search } from './ordering.ts'

/** Lists of `n` movies for users: what each thread works on. */
export type ListTask = {
  readonly ordering: Ordering
  readonly search: Search | null
  readonly cases: RankingCases
  readonly movies: number
  readonly n: number
  /** [cases, n] the lists, −1 behind the end of a shorter one */
  readonly lists: Int32Array
}

/** Users of a span. */
const span = 64
/** Below so many pairs of a user and a movie, threads take longer to start than the lists do. */
const leastPairs = 20_000_000

/**
 * The first `n` of the movies that a case's user has not seen, for each case, best first: on all
 * cores, or in this thread where `threads` is 0. Their number changes nothing.
 */
export async function makeLists(
  { ordering, cases, movies, n }: Pick<ListTask, 'ordering' | 'cases' | 'movies' | 'n'>,
  pulse: Pulse,
  threads = threadsFor(cases, movies, ordering),
): Promise<number[][]> {
  const size = cases.user.length
  const lists = new Int32Array(new SharedArrayBuffer(4 * size * n)).fill(-1)
  const search = await searchOf(ordering, Math.max(1, threads))
  const task = { ordering, search, cases, movies, n, lists }
  if (threads === 0) await makeHere(task, pulse)
  else {
    const program = programBeside(import.meta.url, 'list-thread')
    await runSpans({ program, data: inSharedMemory(task), size, span }, threads, pulse.beat)
  }
  return Array.from({ length: size }, (_, i) => {
    const list = lists.subarray(i * n, (i + 1) * n)
    const end = list.indexOf(-1)
    return Array.from(end < 0 ? list : list.subarray(0, end))
  })
}

function threadsFor({ user }: RankingCases, movies: number, { by }: Ordering): number {
  const isLong = by !== 'order' && by !== 'scores' && user.length * movies >= leastPairs
  return isLong ? ownThreads() : 0
}

async function searchOf(ordering: Ordering, searchers: number): Promise<Search | null> {
  const { by } = ordering
  if (by !== 'relevance' && by !== 'rating') return null
  // Without SIMD all movies are scored, one by one.
  const kernels = await compileKernels().catch(() => null)
  const rows =
    by === 'relevance'
      ? rankingRows(ordering.model, searchers)
      : ratingRows(ordering.model, searchers)
  return kernels && rows && { kernels, rows }
}

async function makeHere(task: ListTask, pulse: Pulse): Promise<void> {
  const fill = createListing(task, 0)
  const size = task.cases.user.length
  for (let i = 0; i < size; i++) {
    fill(i, i + 1)
    if (pulse.isDue()) await pulse.beat((i + 1) / size)
  }
}

/** Fills in the lists of a span of cases; `searcher` numbers those at work at once. */
export function createListing(
  { ordering, search, cases, movies, n, lists }: ListTask,
  searcher: number,
): (from: number, to: number) => void {
  const listOf = createLister(ordering, n, movies, search, searcher)
  const allowed = fullBitSet(movies)
  return (from, to) => {
    for (let i = from; i < to; i++) {
      const seen = membersOf(cases.seen, i)
      for (const movie of seen) removeFrom(allowed, movie)
      lists.set(listOf(cases.user[i]!, allowed), i * n)
      for (const movie of seen) addTo(allowed, movie)
    }
  }
}
