import type { Ratings } from '../../../../model/data/ratings.ts'
import type { BayesSpec } from '../../../../model/spec/training-spec.ts'
import type { ArenaPlan } from '../../../../numeric/kernels/arena.ts'
import { panelBytes, subspacePanelBytes } from '../../../../numeric/kernels/kernels.ts'
import {
  crossProduct,
  gibbsSide,
  leastSquares,
  predictions,
  rowProduct,
  subspace,
} from '../../../../numeric/kernels/structs.ts'
import { burnInNumbers } from './burn-in.ts'
import { type GroupAt, type Labels, planGroup } from './features.ts'
import { bothSides } from './sides.ts'

/** How many pieces a side's rows are cut into at most, for the threads to share. */
export const pieces = 32
/** And for turning the bases, where each needs more room. */
const turningPieces = 16

/** The sizes that the memory is laid out by. */
export type Sizes = ReturnType<typeof sizesOf>

/** `size` is what a row takes: factors, bias and zeros up to a multiple of 8. */
export function sizesOf(spec: BayesSpec, rows: Ratings, watched: number) {
  const { factors } = spec
  const known = { user: rows.users.size, movie: rows.movies.size }
  const rank = Math.min(spec.savedFactors, known.user, known.movie)
  return {
    factors,
    places: factors + 1,
    size: Math.ceil((factors + 1) / 8) * 8,
    ratings: rows.rating.length,
    watched,
    /** The rows of each side: those known, and one that stands for any other. */
    rows: bothSides((side) => known[side] + 1),
    known,
    rank,
    /** Columns of the bases that the average is projected on. */
    basis: basisColumns(rank),
    /** Numbers in a row of what is saved: the rank, and zeros. */
    saved: Math.ceil(rank / 4) * 4,
    isComplete: isComplete(spec, known.user, known.movie),
  }
}

function basisColumns(rank: number): number {
  return Math.ceil((rank + 32) / 8) * 8
}

/** Whether a basis has a column for each row of a side: then it spans whatever comes. */
export function isComplete({ savedFactors }: BayesSpec, users: number, movies: number): boolean {
  const fewer = Math.min(users, movies)
  return basisColumns(Math.min(savedFactors, fewer)) >= fewer
}

/** Inputs that the kernels only read, and their scratch. */
export function planInputs(
  plan: ArenaPlan,
  { rows, known, ratings, size, watched, basis, saved }: Sizes,
  labels: { readonly user: readonly Labels[]; readonly movie: readonly Labels[] },
  hasBag: { readonly user: boolean; readonly movie: boolean },
) {
  const most = Math.max(rows.user, rows.movie)
  const sides = bothSides((side) => ({
    block: plan.take(gibbsSide.bytes),
    start: plan.take((rows[side] + 1) * 4),
    index: plan.take(ratings * 4),
    target: plan.take(ratings * 4),
    errors: plan.take(rows[side] * 8),
    precision: plan.take(size * size * 4),
    mean: plan.take(size * 4),
    rated: plan.take(rows[side] * 4),
  }))
  const groups = bothSides((side, other): readonly GroupAt[] => {
    // The transpose of what users rated is who rated movies.
    const bag = {
      rowStart: sides[side].start,
      rowFeature: sides[side].index,
      featureStart: sides[other].start,
      featureRow: sides[other].index,
    }
    return [
      ...(hasBag[side] ? [planGroup(plan, size, rows[side], rows[other], bag)] : []),
      ...labels[side].map(({ features, feature }) =>
        planGroup(plan, size, rows[side], features, feature.length),
      ),
    ]
  })
  const longest = [...groups.user, ...groups.movie].reduce(
    (long, { features }) => Math.max(long, features),
    most,
  )
  return {
    sides,
    groups,
    /** Whether rows have attributes, beside the bag of what they rated. */
    hasLabels: labels.user.length + labels.movie.length > 0,
    /** Of each row what its features add to its mean; 0 without features. */
    means: bothSides((side) => (groups[side].length > 0 ? plan.take(rows[side] * size * 4) : 0)),
    /** f32: w of each user, as the kernels read it. */
    weightOfUser: plan.take(rows.user * 4),
    root: plan.take(size * size * 4),
    ones: plan.take(longest * 4),
    each: plan.take(longest * 4),
    /** The row that stands for unknown users, or movies, as often as the other side has rows. */
    unknown: bothSides(() => plan.take(most * 4)),
    watched: bothSides(() => plan.take(watched * 4)),
    /** The structs of the kernels' other tasks. */
    tasks: {
      moments: plan.take(leastSquares.bytes),
      watched: plan.take(predictions.bytes),
      cold: bothSides(() => plan.take(predictions.bytes)),
      cross: bothSides(() => plan.take(crossProduct.bytes)),
      product: bothSides(() => plan.take(rowProduct.bytes)),
      subspace: bothSides(() => plan.take(subspace.bytes)),
    },
    differences: plan.take(most * size * 4),
    /** Factors times the other side's basis. */
    cross: bothSides(() => plan.take(size * basis * 4)),
    /** For turning the bases, see `turning.ts`. */
    turning: {
      roots: bothSides((side) => plan.take(padded(known[side]) * 4)),
      coefficients: plan.take(2 * basis * basis * 8),
      scale: plan.take(basis * 8),
      saved: bothSides((side) => plan.take(padded(known[side]) * saved * 4)),
      scratch: Array.from({ length: turningPieces }, () => ({
        gram: plan.take(4 * basis * basis * 8),
        panel: plan.take(subspacePanelBytes(basis)),
      })),
    },
    scratch: Array.from({ length: pieces }, () =>
      plan.take(size * (size + 2) * 4 + panelBytes(size)),
    ),
  }
}
export type Inputs = ReturnType<typeof planInputs>

/** All that the next sweep depends on, from `from` to `to`. */
export function planState(
  plan: ArenaPlan,
  { rows, known, size, watched, basis }: Sizes,
  { groups }: Pick<Inputs, 'groups'>,
  spec: Pick<BayesSpec, 'burnIn'>,
) {
  const from = plan.take(16)
  return {
    from,
    /** f64 [2]: α, and how many sweeps are in the sums. */
    numbers: from,
    /** f64, see `createBurnIn`. */
    burnIn: plan.take(burnInNumbers(spec) * 8),
    /** f64: w of each user. */
    weightOfUser: plan.take(rows.user * 8),
    rows: bothSides((side) => plan.take(padded(rows[side]) * size * 4)),
    weights: bothSides((side) =>
      groups[side].map(({ features }) => plan.take(features * size * 4)),
    ),
    /** f64: λ of each group. */
    strengths: bothSides((side) => plan.take(groups[side].length * 8)),
    /** Sums over the sweeps: of biases f64, of predictions f32. */
    biasSums: bothSides((side) => plan.take(known[side] * 8)),
    coldSums: bothSides((side) => plan.take(rows[side] * 4)),
    watchedSums: plan.take(watched * 4),
    /** f32 [known, basis], and the sums of the rows' products with the other side's. */
    bases: bothSides((side) => plan.take(padded(known[side]) * basis * 4)),
    projected: bothSides((side) => plan.take(padded(known[side]) * basis * 4)),
    to: plan.take(0),
  }
}
export type State = ReturnType<typeof planState>

/** A kernel takes four rows at once. */
export const padded = (rows: number) => Math.ceil(rows / 4) * 4
