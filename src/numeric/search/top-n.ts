import { createBest } from './best.ts'

/**
 * The indices of the `n` highest scores, best first; equal scores by index, the lower first. Exact:
 * one pass with a binary heap of n, O(scores · log n). Gives fewer when fewer are candidates.
 */
export function topN(
  scores: Float32Array,
  n: number,
  isCandidate: (index: number) => boolean = () => true,
): number[] {
  if (n < 1) return []
  const best = createBest(n)
  for (let index = 0; index < scores.length; index++)
    if (scores[index]! >= best.least && isCandidate(index)) best.offer(index, scores[index]!)
  return best.ranked()
}
