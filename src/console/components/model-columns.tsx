import type { Model } from '../state/use-serving.ts'
import { fixed, time } from '../text.ts'
import type { Column } from './table.tsx'

/** What a model was measured at, beside the simplest thing that could be served instead. */
export const modelColumns: readonly Column<Model>[] = [
  { title: 'Algorithm', value: ({ spec }) => spec.algorithm },
  {
    title: 'Trained',
    value: ({ createdAt }) => createdAt,
    show: ({ createdAt }) => <span class="when">{time(createdAt)}</span>,
  },
  {
    title: 'RMSE',
    value: ({ metrics }) => metrics?.rmse ?? null,
    show: ({ metrics }) => fixed(metrics?.rmse),
    isNumber: true,
  },
  {
    title: 'Means alone',
    value: ({ baselines }) => baselines?.['bias-only'].rmse ?? null,
    show: ({ baselines }) => fixed(baselines?.['bias-only'].rmse),
    isNumber: true,
  },
  {
    title: 'NDCG@10',
    value: ({ rankingMetrics }) => rankingMetrics?.['ndcg@10'] ?? null,
    show: ({ rankingMetrics }) => fixed(rankingMetrics?.['ndcg@10']),
    isNumber: true,
  },
]
