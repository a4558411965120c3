import type { Weights } from '../../trainer.ts'
import { type PackedRows, packRows, unpackWeights } from '../simd/rows.ts'

/** The rows of both sides as one array of floats, users first, as the kernels have them. */
export type Tables = {
  /** Floats of a row, a multiple of 4. */
  readonly width: number
  pack(): Float32Array<ArrayBuffer>
  unpack(floats: Float32Array): Weights
}

/** How weights of the shapes of `initial` lie on the device. */
export function tablesOf(initial: Weights): Tables {
  const { userFactors, movieFactors } = initial
  const width = 4 * Math.ceil((userFactors.columns + 2) / 4)
  const users = userFactors.rows * width
  const size = users + movieFactors.rows * width
  const sides = (floats: Float32Array): [PackedRows, PackedRows] => {
    const at = (i: number) => i * width
    return [
      { data: floats.subarray(0, users), width, at },
      { data: floats.subarray(users), width, at },
    ]
  }
  return {
    width,
    pack() {
      const floats = new Float32Array(size)
      const [user, movie] = sides(floats)
      packRows(user, 'user', userFactors, initial.userBias)
      packRows(movie, 'movie', movieFactors, initial.movieBias)
      return floats
    },
    unpack: (floats) => unpackWeights(...sides(floats), initial),
  }
}
