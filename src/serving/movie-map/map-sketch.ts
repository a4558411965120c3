import type { Matrix } from '../../numeric/linear/matrix.ts'
import { type Pca, pca } from '../../numeric/linear/pca.ts'
import { topN } from '../../numeric/search/top-n.ts'

export const maxComponents = 10
const endLength = 10

/** The part of a map that does not change with the catalogue: row i is the i-th of its movies. */
export type MapSketch = {
  readonly movies: Uint32Array
  readonly pca: Pca
  /** The rows farthest out on either side of each component, the outermost first. */
  readonly ends: readonly { readonly highest: number[]; readonly lowest: number[] }[]
}

/** Works out the principal components of some movies' factors, O(movies·k² + k³). */
export function sketchMap({ columns, data }: Matrix, movies: Uint32Array): MapSketch {
  const chosen = new Float32Array(movies.length * columns)
  for (const [row, movie] of movies.entries())
    chosen.set(data.subarray(movie * columns, (movie + 1) * columns), row * columns)
  const found = pca(chosen, movies.length, columns, Math.min(maxComponents, columns))
  const ends = found.coordinates.map((axis) => ({
    highest: topN(new Float32Array(axis), endLength),
    lowest: topN(new Float32Array(axis.map((x) => -x)), endLength),
  }))
  return { movies, pca: found, ends }
}
