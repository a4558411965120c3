import type { Arena } from '../../../numeric/kernels/arena.ts'
import type { Matrix } from '../../../numeric/linear/matrix.ts'
import type { Trainer, Weights } from '../../trainer.ts'

/** Where rows lie: the k factors of row i begin at `at(i)`, `width` floats long. */
export type PackedRows = {
  readonly data: Float32Array
  readonly width: number
  at(index: number): number
}

/**
 * Which of a row's last two places holds the bias; the other holds a constant 1, so that u·v adds
 * both.
 */
export const biasPlace = { user: 2, movie: 1 } as const

/** Writes factors, and biases where there are any, into rows. */
export function packRows(
  rows: PackedRows,
  side: keyof typeof biasPlace,
  factors: Matrix,
  bias: Float32Array | null,
): void {
  const { data, width, at } = rows
  for (let i = 0; i < factors.rows; i++) {
    const start = at(i)
    data.fill(0, start, start + width)
    data.set(factors.data.subarray(i * factors.columns, (i + 1) * factors.columns), start)
    if (!bias) continue
    data[start + width - biasPlace[side]] = bias[i]!
    data[start + width - (3 - biasPlace[side])] = 1
  }
}

/** Copies the weights of both sides out, in the shapes of `initial`. */
export function unpackWeights(user: PackedRows, movie: PackedRows, initial: Weights): Weights {
  const users = unpackRows(user, 'user', initial.userFactors, initial.userBias)
  const movies = unpackRows(movie, 'movie', initial.movieFactors, initial.movieBias)
  return {
    userFactors: users.factors,
    movieFactors: movies.factors,
    userBias: users.bias,
    movieBias: movies.bias,
    layers: [],
  }
}

/** Copies factors and biases out, in the shapes of `factors` and `bias`. */
export function unpackRows(
  { data, width, at }: PackedRows,
  side: keyof typeof biasPlace,
  factors: Matrix,
  bias: Float32Array | null,
): { factors: Matrix; bias: Float32Array | null } {
  const k = factors.columns
  const copy = new Float32Array(factors.data.length)
  const biases = bias && new Float32Array(bias.length)
  for (let i = 0; i < factors.rows; i++) {
    const start = at(i)
    copy.set(data.subarray(start, start + k), i * k)
    if (biases) biases[i] = data[start + width - biasPlace[side]]!
  }
  return { factors: { ...factors, data: copy }, bias: biases }
}

/** Ranges of floats, each an address and a length, as what a trainer saves and restores. */
export function stateOf(
  arena: Arena,
  ...ranges: readonly (readonly [address: number, floats: number])[]
): NonNullable<Trainer['state']> {
  const parts = ranges.map(
    ([address, floats]) => new Uint8Array(arena.memory.buffer, address, floats * 4),
  )
  const bytes = parts.reduce((sum, part) => sum + part.length, 0)
  return {
    layout: `simd ${bytes / 4}`,
    save() {
      const saved = new Uint8Array(bytes)
      let at = 0
      for (const part of parts) {
        saved.set(part, at)
        at += part.length
      }
      return saved
    },
    restore(saved) {
      if (saved.length !== bytes)
        throw new RangeError(`a state of ${saved.length} bytes, expected ${bytes}`)
      let at = 0
      for (const part of parts) {
        part.set(saved.subarray(at, at + part.length))
        at += part.length
      }
    },
  }
}
