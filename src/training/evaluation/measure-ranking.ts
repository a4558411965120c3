import { topN } from '../../numeric/search/top-n.ts'
import type { Pulse } from '../pulse.ts'
import { catalogueCoverage, novelty } from './catalogue-metrics.ts'
import { type ListMetrics, measureList } from './list-metrics.ts'
import type { RankingCase } from './ranking-cases.ts'

/** Means over the users; null, all of them, when no user liked a movie of the test rows. */
export type RankingMetrics = {
  readonly [Metric in keyof ListMetrics | 'catalogueCoverage' | 'novelty']: number | null
} & { readonly users: number }

/** Puts a score for every movie into `out` [movies], for one user, −1 being an unknown one. */
export type ScoreAll = (user: number, out: Float32Array) => void

/**
 * Ranks all movies but those a case leaves out, no sampled candidates, and measures the first n.
 * Equal scores stand by movie index, as in the service; `share` [movies] is for `novelty`.
 */
export async function measureRanking(
  cases: readonly RankingCase[],
  scoreAll: ScoreAll,
  share: Float64Array,
  n: number,
  pulse: Pulse,
): Promise<RankingMetrics> {
  const scores = new Float32Array(share.length)
  const lists: number[][] = []
  for (const { user, seen } of cases) {
    scoreAll(user, scores)
    lists.push(topN(scores, n, (movie) => !seen.has(movie)))
    if (pulse.isDue()) await pulse.beat(lists.length / cases.length)
  }
  const measured = lists.map((list, i) => measureList(list, cases[i]!.relevant, n))
  const mean = (metric: keyof ListMetrics) =>
    cases.length === 0 ? null : measured.reduce((sum, m) => sum + m[metric], 0) / cases.length
  return {
    ndcg: mean('ndcg'),
    recall: mean('recall'),
    precision: mean('precision'),
    averagePrecision: mean('averagePrecision'),
    hit: mean('hit'),
    catalogueCoverage: cases.length === 0 ? null : catalogueCoverage(lists, share.length),
    novelty: novelty(lists, share),
    users: cases.length,
  }
}
