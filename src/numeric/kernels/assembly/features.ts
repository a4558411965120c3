import { addTimes, solveUpper } from './least-squares'
import { addNormals, streamOf } from './normals'

/**
 * A group of features of the rows of a side, such as the movies that a user rated. A row has a list
 * of features, each with the same value, its scale, and the normal distribution that the row is
 * drawn from has its mean at μ + Σ_f scale·B_f, over the features f of all groups.
 */
@unmanaged
export class FeatureGroup {
  /** Seeds the draws, together with a feature's number. */
  key: u64
  /** Of the side, f32 [rows, size]: the rows, and of each Σ_f scale·B_f over all groups. */
  rows: usize
  means: usize
  /** How many rows there are, and f32 [size / 8, rowCount, 8]: what is left of each. */
  rowCount: u32
  residuals: usize
  /** f32 [size]: μ. */
  mean: usize
  /** u32: the features of row i are `rowFeature[rowStart[i]]` … ; f32 [rows]: its scale. */
  rowStart: usize
  rowFeature: usize
  scale: usize
  /** u32: the rows with ratings that have feature f are `featureRow[featureStart[f]]` … . */
  featureStart: usize
  featureRow: usize
  features: u32
  /** B, f32 [features, size], and as much room for noise. */
  weights: usize
  noise: usize
  size: u32
  /** How many numbers of a row are drawn; the others stay 0. */
  places: u32
  /** R, f32 [size, size], with RᵀR = Λ the precision of the rows. */
  root: usize
  /** λ: B_f ~ N(0, (λΛ)⁻¹) before the rows are seen. */
  strength: f32
}

/** Adds Σ_f scale·B_f to the means of the rows `from` … `to`, or puts it there if `isFirst`. */
export function addFeatureMeans(group: FeatureGroup, from: u32, to: u32, isFirst: u32): void {
  const bytes = (<usize>group.size) << 2
  for (let row = from; row < to; row++) {
    const mean = group.means + <usize>row * bytes
    if (isFirst) memory.fill(mean, 0, bytes)
    const scale = load<f32>(group.scale + ((<usize>row) << 2))
    const end = load<u32>(group.rowStart + ((<usize>row) << 2), 4)
    for (let at = load<u32>(group.rowStart + ((<usize>row) << 2)); at < end; at++) {
      const weight = group.weights + <usize>load<u32>(group.rowFeature + ((<usize>at) << 2)) * bytes
      addTimes(mean, weight, scale, bytes)
    }
  }
}

/** Draws noise ~ N(0, Λ⁻¹) for the features `from` … `to`. */
export function drawFeatureNoise(group: FeatureGroup, from: u32, to: u32): void {
  const bytes = (<usize>group.size) << 2
  for (let feature = from; feature < to; feature++) {
    const noise = group.noise + <usize>feature * bytes
    memory.fill(noise, 0, bytes)
    addNormals(streamOf(group.key, feature), noise, group.places)
    solveUpper(group.root, noise, group.size)
  }
}

/**
 * Draws one feature's weights after the other, given all others and the rows (u, b); with s the scale
 * of a row that has the feature, d = (u, b) − μ − Σ_f s·B_f what is left of it, and ε from
 * `drawFeatureNoise`,
 *
 *   v = 1/(λ + Σ s²)      B_f ~ N(v·Σ s·(d + s·B_f), v·Λ⁻¹) = … + √v·ε
 *
 * Numbers of a row do not depend on each other, but for the noise, which is there already: this
 * goes through eight of them, from byte `from` on. Their d lie side by side, so that they stay in
 * the cache; the first group of a side takes them from the rows and their means, the others go on
 * with what it left.
 */
export function drawFeatures(group: FeatureGroup, from: usize, isFirst: u32): void {
  const bytes = (<usize>group.size) << 2
  const residuals = group.residuals + from * <usize>group.rowCount
  if (isFirst) takeResiduals(group, from, residuals)
  for (let feature: u32 = 0; feature < group.features; feature++) {
    const first =
      group.featureRow + ((<usize>load<u32>(group.featureStart + ((<usize>feature) << 2))) << 2)
    const last =
      group.featureRow + ((<usize>load<u32>(group.featureStart + ((<usize>feature) << 2), 4)) << 2)
    let sum0 = f32x4.splat(0)
    let sum1 = f32x4.splat(0)
    let squares: f32 = 0
    for (let at = first; at < last; at += 4) {
      const row = <usize>load<u32>(at)
      const s = load<f32>(group.scale + (row << 2))
      const d = residuals + (row << 5)
      const scale = f32x4.splat(s)
      squares += s * s
      sum0 = f32x4.add(sum0, f32x4.mul(scale, v128.load(d)))
      sum1 = f32x4.add(sum1, f32x4.mul(scale, v128.load(d, 16)))
    }
    const weight = group.weights + <usize>feature * bytes + from
    const noise = group.noise + <usize>feature * bytes + from
    const v: f32 = 1 / (group.strength + squares)
    const root = f32x4.splat(sqrt<f32>(v))
    const by = f32x4.splat(v)
    const own = f32x4.splat(squares)
    const old0 = v128.load(weight)
    const old1 = v128.load(weight, 16)
    sum0 = f32x4.add(sum0, f32x4.mul(own, old0))
    sum1 = f32x4.add(sum1, f32x4.mul(own, old1))
    const new0 = f32x4.add(f32x4.mul(by, sum0), f32x4.mul(root, v128.load(noise)))
    const new1 = f32x4.add(f32x4.mul(by, sum1), f32x4.mul(root, v128.load(noise, 16)))
    v128.store(weight, new0)
    v128.store(weight, new1, 16)
    const move0 = f32x4.sub(new0, old0)
    const move1 = f32x4.sub(new1, old1)
    for (let at = first; at < last; at += 4) {
      const row = <usize>load<u32>(at)
      const scale = v128.load32_splat(group.scale + (row << 2))
      const d = residuals + (row << 5)
      v128.store(d, f32x4.sub(v128.load(d), f32x4.mul(scale, move0)))
      v128.store(d, f32x4.sub(v128.load(d, 16), f32x4.mul(scale, move1)), 16)
    }
  }
}

/** d of eight numbers of all rows, from byte `from` on. */
function takeResiduals(group: FeatureGroup, from: usize, residuals: usize): void {
  const bytes = (<usize>group.size) << 2
  const mean0 = v128.load(group.mean + from)
  const mean1 = v128.load(group.mean + from, 16)
  let at = from
  for (let row: u32 = 0; row < group.rowCount; row++) {
    const u = group.rows + at
    const m = group.means + at
    v128.store(residuals, f32x4.sub(f32x4.sub(v128.load(u), v128.load(m)), mean0))
    v128.store(residuals, f32x4.sub(f32x4.sub(v128.load(u, 16), v128.load(m, 16)), mean1), 16)
    at += bytes
    residuals += 32
  }
}
