/**
 * The first `count` items in order of maximal marginal relevance (Carbonell & Goldstein 1998): next
 * comes always the item with the highest
 *
 *   (1 − d)·relevance − d·max similarity to what came before
 *
 * and of equals the first. `relevance` [items] falls; both terms should have one scale. The order
 * of the first items does not depend on `count`. O(count · items) similarities.
 */
export function diversify(
  relevance: ArrayLike<number>,
  similarity: (a: number, b: number) => number,
  diversity: number,
  count: number,
): number[] {
  const nearest = new Float64Array(relevance.length)
  const left = Array.from({ length: relevance.length }, (_, item) => item)
  const order: number[] = []
  const value = (item: number) => (1 - diversity) * relevance[item]! - diversity * nearest[item]!
  while (order.length < count && left.length > 0) {
    let best = 0
    for (let i = 1; i < left.length; i++) if (value(left[i]!) > value(left[best]!)) best = i
    const [chosen] = left.splice(best, 1) as [number]
    for (const item of left) {
      const similar = similarity(item, chosen)
      nearest[item] = order.length === 0 ? similar : Math.max(nearest[item]!, similar)
    }
    order.push(chosen)
  }
  return order
}
