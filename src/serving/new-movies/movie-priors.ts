import { movieLabels } from '../../model/data/movie-attributes.ts'
import { type TextColumn, textAt } from '../../model/data/text-column.ts'
import type { Model } from '../../model/model.ts'
import { type AttributePrior, fitAttributePrior } from '../../model/new-movies/attribute-prior.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import { foldText } from '../catalogue/fold-text.ts'

/** What a model says of its movies, by which those that it does not know are told. */
export type MovieSide = {
  /** Null where a network makes more of them than a product. */
  readonly factors: Matrix | null
  readonly bias: Float32Array | null
  /** The damped biases. */
  readonly baseline: Float32Array
  readonly ranking: Matrix | null
}

export function movieSideOf(model: Model): MovieSide {
  return {
    factors: model.layers.length > 0 ? null : model.movieFactors,
    bias: model.movieBias,
    baseline: model.baseline.movieBias,
    ranking: model.ranking?.movieFactors ?? null,
  }
}

/** Labels of a movie, its genres as they are compared. */
export function labelsOf(genres: readonly string[], year: number | null): string[] {
  return movieLabels({ genres: genres.map(foldText), year })
}

/** What to expect of a new movie by its labels. */
export type MoviePriors = {
  /** Of the factors, the bias and the damped bias, in this order. */
  readonly rating: AttributePrior
  /** Of the ranking factors: as movies that many rated have them, and as those that few did. */
  readonly ranking: { readonly many: AttributePrior; readonly few: AttributePrior }
}

/** The share of a movie with so many ratings in what movies with many are like. */
export function manyShare(ratings: number): number {
  return ratings / (ratings + 5)
}

/** Learns them from the movies of a model. */
export function fitMoviePriors(
  { factors, bias, baseline, ranking }: MovieSide,
  ratings: Uint32Array,
  rowOfMovie: Int32Array,
  catalogue: { readonly genres: TextColumn; readonly years: Int16Array },
): MoviePriors {
  const labels = (movie: number) => {
    const row = rowOfMovie[movie]!
    if (row < 0) return []
    const names = textAt(catalogue.genres, row)
    return labelsOf(names === '' ? [] : names.split('|'), catalogue.years[row] || null)
  }
  const columns = [
    ...columnsOf(factors),
    (movie: number) => bias?.[movie] ?? 0,
    (movie: number) => baseline[movie]!,
  ]
  const many = Float64Array.from(ratings, manyShare)
  const few = many.map((share) => 1 - share)
  const rankings = columnsOf(ranking)
  return {
    rating: fitAttributePrior(labels, columns, many),
    ranking: {
      many: fitAttributePrior(labels, rankings, many),
      few: fitAttributePrior(labels, rankings, few),
    },
  }
}

function columnsOf(matrix: Matrix | null): ((row: number) => number)[] {
  const { columns = 0, data } = matrix ?? {}
  return Array.from({ length: columns }, (_, i) => (row: number) => data![row * columns + i]!)
}
