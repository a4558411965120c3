/**
 * Quality of a ranked list for one user. `list` holds movies, best first, n = its wanted length (a
 * shorter list has fewer chances); `relevant` the movies that the user did like, at least one.
 * Definitions: Järvelin & Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002
 * (NDCG, binary gains); Manning, Raghavan & Schütze, "Introduction to Information Retrieval", 2008.
 */
export type ListMetrics = {
  readonly ndcg: number
  readonly recall: number
  readonly precision: number
  readonly averagePrecision: number
  readonly hit: number
}

/** A set of movies, or what can be asked like one. */
export type Relevant = Pick<ReadonlySet<number>, 'has' | 'size'>

/** All metrics of one list at once. */
export function measureList(list: ArrayLike<number>, liked: Relevant, n: number): ListMetrics {
  // Each metric asks of every place of the list: what takes a search is asked once.
  const hits: number[] = []
  for (let i = 0; i < Math.min(n, list.length); i++) if (liked.has(list[i]!)) hits.push(list[i]!)
  const relevant = { size: liked.size, has: (movie: number) => hits.includes(movie) }
  return {
    ndcg: ndcg(list, relevant, n),
    recall: hitsIn(list, relevant, n) / relevant.size,
    precision: hitsIn(list, relevant, n) / n,
    averagePrecision: averagePrecision(list, relevant, n),
    hit: hitsIn(list, relevant, n) > 0 ? 1 : 0,
  }
}

/** NDCG@n = Σ_{hits at rank i} 1/log₂(i+1) ÷ Σ_{i=1}^{min(n, |relevant|)} 1/log₂(i+1) */
export function ndcg(list: ArrayLike<number>, relevant: Relevant, n: number): number {
  let gain = 0
  for (let i = 0; i < Math.min(n, list.length); i++)
    if (relevant.has(list[i]!)) gain += 1 / Math.log2(i + 2)
  let ideal = 0
  for (let i = 0; i < Math.min(n, relevant.size); i++) ideal += 1 / Math.log2(i + 2)
  return gain / ideal
}

/** AP@n = Σ_{hits at rank i} (hits among the first i)/i ÷ min(n, |relevant|); its mean is MAP@n. */
export function averagePrecision(list: ArrayLike<number>, relevant: Relevant, n: number): number {
  let hits = 0
  let sum = 0
  for (let i = 0; i < Math.min(n, list.length); i++)
    if (relevant.has(list[i]!)) {
      hits++
      sum += hits / (i + 1)
    }
  return sum / Math.min(n, relevant.size)
}

function hitsIn(list: ArrayLike<number>, relevant: Relevant, n: number): number {
  let hits = 0
  for (let i = 0; i < Math.min(n, list.length); i++) if (relevant.has(list[i]!)) hits++
  return hits
}
