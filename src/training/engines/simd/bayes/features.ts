import { groupBy } from '../../../../numeric/counting.ts'
import type { Arena, ArenaPlan } from '../../../../numeric/kernels/arena.ts'
import { featureGroup } from '../../../../numeric/kernels/structs.ts'
import type { Call } from '../../../../numeric/kernels/threads.ts'
import { gamma } from '../../../../numeric/random/gamma.ts'
import type { Random } from '../../../../numeric/random/random.ts'

/** A group of features before it has a place in memory: of each row the features that it has. */
export type Labels = {
  readonly features: number
  /** Compressed rows: row i has `feature[start[i]]` … `feature[start[i + 1]]`. */
  readonly start: Uint32Array
  readonly feature: Uint32Array
}

/** Where a group of features lies, see `features.ts` of the kernels. */
export type GroupAt = {
  readonly block: number
  readonly features: number
  readonly rowStart: number
  readonly rowFeature: number
  readonly scale: number
  readonly featureStart: number
  readonly featureRow: number
  readonly noise: number
}

/**
 * Room for a group of so many labels in all; a `bag` has its compressed rows and columns already.
 */
export function planGroup(
  plan: ArenaPlan,
  size: number,
  rows: number,
  features: number,
  labels: number | Pick<GroupAt, 'rowStart' | 'rowFeature' | 'featureStart' | 'featureRow'>,
): GroupAt {
  return {
    block: plan.take(featureGroup.bytes),
    features,
    ...(typeof labels === 'object'
      ? labels
      : {
          rowStart: plan.take((rows + 1) * 4),
          rowFeature: plan.take(labels * 4),
          featureStart: plan.take((features + 1) * 4),
          featureRow: plan.take(labels * 4),
        }),
    scale: plan.take(rows * 4),
    noise: plan.take(features * size * 4),
  }
}

/**
 * Writes labels and their transpose, of the rows with ratings alone, and the scales 1/√(labels of
 * the row).
 */
export function writeLabels(
  arena: Arena,
  at: GroupAt,
  { features, start, feature }: Labels,
  isRated: (row: number) => boolean,
): void {
  const rows = start.length - 1
  arena.u32(at.rowStart, rows + 1).set(start)
  arena.u32(at.rowFeature, feature.length).set(feature)
  const rowOf = new Uint32Array(feature.length)
  for (let row = 0; row < rows; row++) rowOf.fill(row, start[row], start[row + 1])
  // Labels of rows without ratings go behind those of all features.
  const key = feature.map((of, i) => (isRated(rowOf[i]!) ? of : features))
  const columns = groupBy(key, features + 1)
  arena.u32(at.featureStart, features + 1).set(columns.start.subarray(0, features + 1))
  arena.u32(at.featureRow, feature.length).set(columns.order.map((i) => rowOf[i]!))
  writeScales(arena, at, start)
}

/** 1/√(features of the row); 0 without any. */
export function writeScales(arena: Arena, at: GroupAt, start: Uint32Array): void {
  const scale = arena.f32(at.scale, start.length - 1)
  for (let row = 0; row < scale.length; row++) {
    const own = start[row + 1]! - start[row]!
    scale[row] = own > 0 ? 1 / Math.sqrt(own) : 0
  }
}

/** The labels of ids as groups, one for each name before the colon; ids without any have none. */
export function labelGroups(
  ids: readonly string[],
  attributes: ReadonlyMap<string, readonly string[]>,
  rows: number,
): Labels[] {
  const groups = new Map<string, { number: Map<string, number>; of: number[][] }>()
  for (const [row, id] of ids.entries())
    for (const label of attributes.get(id) ?? []) {
      const name = label.slice(0, label.indexOf(':'))
      const group = groups.get(name) ?? { number: new Map(), of: [] }
      groups.set(name, group)
      if (!group.number.has(label)) group.number.set(label, group.number.size)
      group.of[row] ??= []
      group.of[row]!.push(group.number.get(label)!)
    }
  return [...groups.values()].map(({ number, of }) => {
    const start = new Uint32Array(rows + 1)
    for (let row = 0; row < rows; row++) start[row + 1] = start[row]! + (of[row]?.length ?? 0)
    const feature = Uint32Array.from(Array.from({ length: rows }, (_, row) => of[row] ?? []).flat())
    return { features: number.size, start, feature }
  })
}

/** Calls of `addFeatureMeans`, a round for each group. */
export function meansRounds(
  groups: readonly GroupAt[],
  cuts: readonly [number, number][],
): Call<'addFeatureMeans'>[][] {
  return groups.map(({ block }, i) => cuts.map(([from, to]) => [block, from, to, Number(i === 0)]))
}

const featuresAtOnce = 512

/** Calls of `drawFeatureNoise`. */
export function noiseCalls(groups: readonly GroupAt[]): Call<'drawFeatureNoise'>[] {
  return groups.flatMap(({ block, features }) =>
    Array.from({ length: Math.ceil(features / featuresAtOnce) }, (_, i) => [
      block,
      i * featuresAtOnce,
      Math.min(features, (i + 1) * featuresAtOnce),
    ]),
  )
}

/** Calls of `drawFeatures`, a round for each group. */
export function drawRounds(groups: readonly GroupAt[], size: number): Call<'drawFeatures'>[][] {
  return groups.map(({ block }, group) =>
    Array.from({ length: size / 8 }, (_, i) => [block, i * 32, Number(group === 0)]),
  )
}

/**
 * λ ~ Gamma(1 + F·d/2, 1 + Σ_f B_fᵀΛB_f/2), from ΣB_fB_fᵀ [places, places].
 */
export function drawStrength(
  features: number,
  products: Float64Array,
  precision: Float64Array,
  places: number,
  random: Random,
): number {
  const trace = products.reduce((sum, product, i) => sum + product * precision[i]!, 0)
  return gamma(1 + (features * places) / 2, random) / (1 + trace / 2)
}
