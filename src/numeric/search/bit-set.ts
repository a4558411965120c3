/** A set of integers 0 … size−1, 32 to a word: the lowest bit of word 0 stands for 0. */
export type BitSet = Uint32Array<ArrayBufferLike>

/** An empty set for integers below `size`. */
export function createBitSet(size: number): BitSet {
  return new Uint32Array(Math.ceil(size / 32))
}

/** The set of all integers below `size`. */
export function fullBitSet(size: number): BitSet {
  const set = createBitSet(size).fill(0xffff_ffff)
  if (size % 32 !== 0) set[set.length - 1]! >>>= 32 - (size % 32)
  return set
}

/** Puts a member in. */
export function addTo(set: BitSet, member: number): void {
  set[member >>> 5]! |= 1 << (member & 31)
}

/** Takes a member out, if it is in. */
export function removeFrom(set: BitSet, member: number): void {
  set[member >>> 5]! &= ~(1 << (member & 31))
}

/** Whether it is a member. */
export function isIn(set: BitSet, member: number): boolean {
  return (set[member >>> 5]! & (1 << (member & 31))) !== 0
}

/** Keeps in `set` what is in `other`, too. */
export function intersect(set: BitSet, other: BitSet): void {
  for (let word = 0; word < set.length; word++) set[word]! &= other[word]!
}

/** Takes out of `set` what is in `other`. */
export function subtract(set: BitSet, other: BitSet): void {
  for (let word = 0; word < set.length; word++) set[word]! &= ~other[word]!
}

/** How many members there are (the bits of a word added up in parallel). */
export function countOf(set: BitSet): number {
  let count = 0
  for (let word = 0; word < set.length; word++) {
    let bits = set[word]!
    bits -= (bits >>> 1) & 0x5555_5555
    bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333)
    count += Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
  }
  return count
}

/** Calls `visit` with each member, ascending. */
export function forEachIn(set: BitSet, visit: (member: number) => void): void {
  for (let word = 0; word < set.length; word++)
    for (let bits = set[word]!; bits !== 0; bits &= bits - 1)
      visit(32 * word + (31 - Math.clz32(bits & -bits)))
}
