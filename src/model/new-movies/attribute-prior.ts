import { factorise, solveCholesky } from '../../numeric/linear/cholesky.ts'

/** Linear functions of the labels of a movie, learnt from other movies. */
export type AttributePrior = {
  /** The place of each label that some movie has; behind them all, what all movies share. */
  readonly places: ReadonlyMap<string, number>
  /** [labels + 1] of [columns] */
  readonly effects: readonly Float64Array[]
}

/** As if so many movies without a label's effect had each label. */
const ridge = 5

/**
 * Regresses columns [movies] on the labels of movies by weighted ridge regression (regression-based
 * latent factors: Agarwal & Chen 2009), what all share without a penalty. O(movies · labels² +
 * labels³).
 */
export function fitAttributePrior(
  labelsOf: (movie: number) => readonly string[],
  columns: readonly ((movie: number) => number)[],
  weights: ArrayLike<number>,
): AttributePrior {
  const places = new Map<string, number>()
  const placesOf = Array.from(weights, (_, movie) =>
    labelsOf(movie).map((label) => {
      const place = places.get(label) ?? places.size
      places.set(label, place)
      return place
    }),
  )
  const size = places.size + 1
  const a = new Float64Array(size * size)
  const b = columns.map(() => new Float64Array(size))
  for (const [movie, own] of placesOf.entries()) {
    const weight = weights[movie]!
    const all = [...own, size - 1]
    for (const i of all) for (const j of all) if (j <= i) a[i * size + j]! += weight
    for (const [n, column] of columns.entries())
      for (const i of all) b[n]![i]! += weight * column(movie)
  }
  for (let i = 0; i < size; i++) a[i * size + i]! += i < size - 1 ? ridge : 1e-6
  factorise(a, size)
  for (const column of b) solveCholesky(a, size, column)
  const effects = Array.from({ length: size }, (_, i) => Float64Array.from(b, (one) => one[i]!))
  return { places, effects }
}

/** What is expected of a movie with these labels [columns]; of those that none had, nothing. */
export function expectedOf(
  { places, effects }: AttributePrior,
  labels: readonly string[],
): Float64Array {
  const expected = effects.at(-1)!.slice()
  for (const label of labels) {
    const own = effects[places.get(label) ?? -1]
    for (let n = 0; own && n < expected.length; n++) expected[n]! += own[n]!
  }
  return expected
}
