import type { Ratings } from '../../../../model/data/ratings.ts'
import { type Grouped, groupBy } from '../../../../numeric/counting.ts'
import type { Arena } from '../../../../numeric/kernels/arena.ts'
import { writeStruct } from '../../../../numeric/kernels/struct.ts'
import { featureGroup } from '../../../../numeric/kernels/structs.ts'
import type { EvaluationRows } from '../../../splitting/training-data.ts'
import { type Labels, writeLabels, writeScales } from './features.ts'
import type { Inputs, Sizes, State } from './layout.ts'
import { type BothSides, bothSides, sideNames } from './sides.ts'

/**
 * Writes all that no sweep changes; gives the ratings by user and by movie, and the mean rating.
 */
export function writeInputs(
  arena: Arena,
  sizes: Sizes,
  inputs: Inputs,
  state: Pick<State, 'rows' | 'weights'>,
  rows: Ratings,
  labels: BothSides<readonly Labels[]>,
  watched: EvaluationRows | undefined,
): { grouped: BothSides<Grouped>; mean: number } {
  const { known, ratings } = sizes
  const mean = rows.rating.reduce((sum, rating) => sum + rating, 0) / ratings
  const index = { user: rows.userIndex, movie: rows.movieIndex }
  const grouped = bothSides((side) => groupBy(index[side], sizes.rows[side]))
  arena.u32(inputs.each, longest(sizes, inputs)).forEach((_, i, each) => {
    each[i] = i
  })
  arena.f32(inputs.ones, longest(sizes, inputs)).fill(1)
  for (const side of sideNames) {
    const { start, order } = grouped[side]
    const other = index[side === 'user' ? 'movie' : 'user']
    const at = inputs.sides[side]
    arena.u32(at.start, start.length).set(start)
    arena.u32(at.index, ratings).set(order.map((row) => other[row]!))
    arena.f32(at.target, ratings).set(Float32Array.from(order, (row) => rows.rating[row]! - mean))
    arena.u32(at.rated, sizes.rows[side]).set(ratedRows(start))
    arena.u32(inputs.unknown[side], Math.max(...Object.values(sizes.rows))).fill(known[side])
    if (watched) {
      const of = side === 'user' ? watched.userIndex : watched.movieIndex
      arena.u32(inputs.watched[side], of.length).set(of.map((i) => (i < 0 ? known[side] : i)))
    }
    writeGroups(arena, side, sizes, inputs, state, labels[side], start)
  }
  return { grouped, mean }
}

/** The rows that have ratings. */
export function ratedRows(start: Uint32Array): number[] {
  const rows = Array.from({ length: start.length - 1 }, (_, row) => row)
  return rows.filter((row) => start[row + 1]! > start[row]!)
}

function writeGroups(
  arena: Arena,
  side: 'user' | 'movie',
  { size, places }: Sizes,
  { groups, sides, means, differences, root }: Inputs,
  { rows, weights }: Pick<State, 'rows' | 'weights'>,
  labels: readonly Labels[],
  start: Uint32Array,
): void {
  const bags = groups[side].length - labels.length
  for (const [i, group] of groups[side].entries()) {
    if (i < bags) writeScales(arena, group, start)
    else writeLabels(arena, group, labels[i - bags]!, (row) => start[row + 1]! > start[row]!)
    const { block, ...addresses } = group
    writeStruct(arena.view, block, featureGroup, {
      ...addresses,
      rows: rows[side],
      means: means[side],
      rowCount: start.length - 1,
      residuals: differences,
      mean: sides[side].mean,
      weights: weights[side][i]!,
      size,
      places,
      root,
      // Drawn anew in each sweep.
      key: 0n,
      strength: 0,
    })
  }
}

function longest({ rows }: Sizes, { groups }: Inputs): number {
  const features = [...groups.user, ...groups.movie].map((group) => group.features)
  return Math.max(rows.user, rows.movie, ...features)
}
