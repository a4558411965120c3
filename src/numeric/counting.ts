/** Histogram of an index [size]: how often each of 0 … size − 1 is in it. */
export function countsOf(index: Uint32Array, size: number): Uint32Array {
  const counts = new Uint32Array(size)
  for (let i = 0; i < index.length; i++) counts[index[i]!]! += 1
  return counts
}

/** Those of 0 … size − 1 that are wanted, rising. */
export function indicesWhere(size: number, isWanted: (index: number) => boolean): Uint32Array {
  const wanted = new Uint32Array(size)
  let count = 0
  for (let index = 0; index < size; index++) if (isWanted(index)) wanted[count++] = index
  return wanted.slice(0, count)
}

/** What each index is by another name: `name[index[i]]`. */
export function renamed(index: Uint32Array, name: Int32Array): Int32Array {
  const names = new Int32Array(index.length)
  // Not by `from`, which takes ten times as long.
  for (let i = 0; i < names.length; i++) names[i] = name[index[i]!]!
  return names
}

/** Rows by key: those of key k are `order[start[k]]` … `order[start[k + 1] − 1]`. */
export type Grouped = {
  /** [keys + 1] */
  readonly start: Uint32Array
  /** [rows] */
  readonly order: Uint32Array
}

/**
 * Counting sort of rows 0 … n − 1 by their key in 0 … keys − 1, linear in both. Stable: rows of one
 * key stay in order, or in that of `before`, a permutation of them; so two keys are sorted by one
 * after the other, the lesser first.
 */
export function groupBy(key: Uint32Array, keys: number, before?: Uint32Array): Grouped {
  const start = new Uint32Array(keys + 1)
  for (let row = 0; row < key.length; row++) start[key[row]! + 1]! += 1
  for (let k = 0; k < keys; k++) start[k + 1]! += start[k]!
  const next = start.slice()
  const order = new Uint32Array(key.length)
  if (before) for (let i = 0; i < order.length; i++) order[next[key[before[i]!]!]!++] = before[i]!
  else for (let row = 0; row < order.length; row++) order[next[key[row]!]!++] = row
  return { start, order }
}
