import { isInRow } from '../../numeric/search/sorted-rows.ts'
import type { Pulse } from '../pulse.ts'
import { catalogueCoverage, novelty } from './catalogue-metrics.ts'
import { type ListMetrics, measureList, type Relevant } from './list-metrics.ts'
import { makeLists } from './lists/make-lists.ts'
import type { Ordering } from './lists/ordering.ts'
import type { RankingCases } from './ranking-cases.ts'

/** Means over the users; null, all of them, when no user liked a movie of the test rows. */
export type RankingMetrics = {
  readonly [Metric in keyof ListMetrics | 'catalogueCoverage' | 'novelty']: number | null
} & { readonly users: number }

/** The metrics of lists, and the NDCG of each of them [users], in the order of the cases. */
export type MeasuredLists = RankingMetrics & { readonly ndcgs: Float64Array }

/**
 * Ranks all movies but those a case leaves out, no sampled candidates, and measures the first n.
 * Equal scores stand by movie index, as in the service; `share` [movies] is for `novelty`.
 */
export async function measureRanking(
  cases: RankingCases,
  ordering: Ordering,
  share: Float64Array,
  n: number,
  pulse: Pulse,
): Promise<MeasuredLists> {
  const lists = await makeLists({ ordering, cases, movies: share.length, n }, pulse)
  return measureLists(lists, relevantOf(cases), share, n)
}

/** The metrics of some lists whose wanted length is n, each with what was liked. */
export function measureLists(
  lists: readonly (readonly number[])[],
  relevant: readonly Relevant[],
  share: Float64Array,
  n: number,
): MeasuredLists {
  const measured = lists.map((list, i) => measureList(list, relevant[i]!, n))
  const mean = (metric: keyof ListMetrics) =>
    lists.length === 0 ? null : measured.reduce((sum, m) => sum + m[metric], 0) / lists.length
  return {
    ndcg: mean('ndcg'),
    recall: mean('recall'),
    precision: mean('precision'),
    averagePrecision: mean('averagePrecision'),
    hit: mean('hit'),
    catalogueCoverage: lists.length === 0 ? null : catalogueCoverage(lists, share.length),
    novelty: novelty(lists, share),
    users: lists.length,
    ndcgs: Float64Array.from(measured, ({ ndcg }) => ndcg),
  }
}

/** What each case's user liked in the test rows. */
export function relevantOf({ user, relevant }: RankingCases): Relevant[] {
  const { start } = relevant
  return Array.from(user, (_, i) => ({
    size: start[i + 1]! - start[i]!,
    has: (movie) => isInRow(relevant, i, movie),
  }))
}
