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
  /** The worst of the best so far is on top. */
  const heap: number[] = []
  const isWorse = (a: number, b: number) =>
    scores[a]! < scores[b]! || (scores[a] === scores[b] && a > b)

  for (let index = 0; index < scores.length; index++) {
    if (heap.length === n && !isWorse(heap[0]!, index)) continue
    if (!isCandidate(index)) continue
    if (heap.length < n) siftUp(heap, index, isWorse)
    else siftDown(heap, index, isWorse)
  }
  return heap.sort((a, b) => (isWorse(a, b) ? 1 : -1))
}

type Order = (a: number, b: number) => boolean

/** Adds an item below and moves it up to its place. */
function siftUp(heap: number[], item: number, isWorse: Order): void {
  let at = heap.push(item) - 1
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (!isWorse(item, heap[parent]!)) break
    heap[at] = heap[parent]!
    at = parent
  }
  heap[at] = item
}

/** Puts an item in place of the top and moves it down to its place. */
function siftDown(heap: number[], item: number, isWorse: Order): void {
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && isWorse(heap[child + 1]!, heap[child]!)) child += 1
    if (!isWorse(heap[child]!, item)) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = item
}
