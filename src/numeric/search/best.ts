/** The best `n` of what was offered: by falling score, of equal scores the lower index first. */
export type Best = {
  /** The lowest score that is kept, once there are `n`; −∞ before. */
  readonly least: number
  offer(index: number, score: number): void
  /** The indices, best first. */
  ranked(): number[]
}

/**
 * An empty list for `n` ≥ 1: a binary heap with the worst on top, O(log n) for each that is kept.
 */
export function createBest(n: number): Best {
  const indices: number[] = []
  const scores: number[] = []
  let least = Number.NEGATIVE_INFINITY
  /** Whether the item at a place of the heap is behind (index, score). */
  const isBehind = (place: number, index: number, score: number) =>
    scores[place]! < score || (scores[place] === score && indices[place]! > index)

  const put = (place: number, index: number, score: number) => {
    indices[place] = index
    scores[place] = score
  }
  const rise = (index: number, score: number) => {
    let place = indices.length
    while (place > 0) {
      const parent = (place - 1) >> 1
      // Moves up past every parent that is better than it.
      if (isBehind(parent, index, score)) break
      put(place, indices[parent]!, scores[parent]!)
      place = parent
    }
    put(place, index, score)
  }
  const sink = (index: number, score: number) => {
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= n) break
      if (child + 1 < n && isBehind(child + 1, indices[child]!, scores[child]!)) child += 1
      if (!isBehind(child, index, score)) break
      put(place, indices[child]!, scores[child]!)
      place = child
    }
    put(place, index, score)
  }
  return {
    get least() {
      return least
    },
    offer(index, score) {
      if (indices.length < n) rise(index, score)
      else if (isBehind(0, index, score)) sink(index, score)
      if (indices.length === n) least = scores[0]!
    },
    ranked() {
      const order = indices.map((_, place) => place)
      order.sort((a, b) => scores[b]! - scores[a]! || indices[a]! - indices[b]!)
      return order.map((place) => indices[place]!)
    },
  }
}
