import { type Comparison, type GenresBeside, similaritiesTo } from '../../model/similarity.ts'
import { type BitSet, isIn } from '../../numeric/search/bit-set.ts'
import { topN } from '../../numeric/search/top-n.ts'

/** A movie or user and how alike it and the chosen one are; see `similaritiesTo`. */
export type SimilarRow = { readonly row: number; readonly similarity: number }

/** The `n` allowed rows that are most alike the chosen one, equal ones by index. */
export function mostSimilar(
  compared: Comparison,
  chosen: number,
  genres: GenresBeside | null,
  allowed: BitSet,
  n: number,
): SimilarRow[] {
  const similarity = new Float32Array(compared.ratings.length)
  similaritiesTo(compared, chosen, genres, similarity)
  return topN(similarity, n, (row) => isIn(allowed, row)).map((row) => {
    return { row, similarity: similarity[row]! }
  })
}
