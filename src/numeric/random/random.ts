/**
 * Seeded random numbers: splitmix64 turns (seed, stream) into the state of an sfc32 generator
 * (Doty-Humphrey, PractRand). Same seed and stream, same numbers, on every machine.
 */
export type Random = {
  /** The next unsigned 32-bit integer. */
  uint32(): number
  /** Uniform in [0, 1) with 32 bits. */
  uniform(): number
  /** Standard normal (Box–Muller). */
  normal(): number
  /** A uniform integer in [0, below). */
  below(below: number): number
  /** The generator's four numbers, from which a kernel goes on. */
  state(): [number, number, number, number]
}

const mask64 = (1n << 64n) - 1n

function splitmix64(seed: bigint): () => bigint {
  let state = seed & mask64
  return () => {
    state = (state + 0x9e3779b97f4a7c15n) & mask64
    let z = state
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask64
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask64
    return z ^ (z >> 31n)
  }
}

/**
 * A generator of its own for each named `stream`, so that one more draw in one place moves no
 * other.
 */
export function createRandom(seed: number, stream = ''): Random {
  let mixed = BigInt(Math.trunc(seed)) & mask64
  for (let i = 0; i < stream.length; i++)
    mixed = (mixed * 0x100000001b3n) ^ BigInt(stream.charCodeAt(i))
  const words = splitmix64(mixed)
  const [first, second] = [words(), words()]
  let a = Number(first & 0xffffffffn) | 0
  let b = Number(first >> 32n) | 0
  let c = Number(second & 0xffffffffn) | 0
  let counter = 1

  const uint32 = () => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + t) | 0
    return t >>> 0
  }
  for (let i = 0; i < 12; i++) uint32()

  const uniform = () => uint32() / 4_294_967_296
  let spare: number | undefined
  const normal = () => {
    if (spare !== undefined) {
      const value = spare
      spare = undefined
      return value
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
  return {
    ...{ uint32, uniform, normal },
    below: (below) => Math.floor(uniform() * below),
    state: () => [a, b, c, counter],
  }
}

/** The integers 0 … size−1 in random order (Fisher–Yates), into `order` where it is given. */
export function permutation(
  size: number,
  random: Random,
  order: Uint32Array = new Uint32Array(size),
): Uint32Array {
  for (let i = 0; i < size; i++) {
    const j = random.below(i + 1)
    order[i] = order[j]!
    order[j] = i
  }
  return order
}
