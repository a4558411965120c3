import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planArena } from '../../src/numeric/kernels/arena.ts'
import {
  compileKernels,
  instantiateKernels,
  panelBytes,
} from '../../src/numeric/kernels/kernels.ts'
import { writeStruct } from '../../src/numeric/kernels/struct.ts'
import { gibbsSide } from '../../src/numeric/kernels/structs.ts'
import { cholesky, solveLowerTransposed } from '../../src/numeric/linear/cholesky.ts'
import { createRandom } from '../../src/numeric/random/random.ts'

const near = (actual: number, expected: number, tolerance: number, what: string) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${what}: ${actual}, expected ${expected} ± ${tolerance}`,
  )

test('the normal numbers of a stream have the moments and tails of theirs, and each its place', async () => {
  const plan = planArena()
  const count = 200_000
  const at = plan.take(count * 4)
  const arena = plan.create()
  const kernels = instantiateKernels(await compileKernels(), arena.memory)
  const z = arena.f32(at, count)
  kernels.addNormals(77n, at, count)
  const mean = (of: (x: number) => number) => z.reduce((sum, x) => sum + of(x), 0) / count
  near(
    mean((x) => x),
    0,
    0.01,
    'mean',
  )
  near(
    mean((x) => x * x),
    1,
    0.015,
    'variance',
  )
  near(
    mean((x) => x ** 4),
    3,
    0.1,
    'fourth moment',
  )
  for (const [beyond, share] of [
    [-0.5, 0.691462],
    [1.2, 0.11507],
    [3, 0.0013499],
  ] as const)
    near(
      mean((x) => Number(x > beyond)),
      share,
      4 * Math.sqrt(share / count),
      `beyond ${beyond}`,
    )
  near(
    z.subarray(1).reduce((sum, x, i) => sum + x * z[i]!, 0) / count,
    0,
    0.01,
    'product with the next',
  )
  const ofFirst = z.slice(0, 3)
  z.fill(1)
  kernels.addNormals(77n, at, 3)
  for (let i = 0; i < 3; i++) near(z[i]! - 1, ofFirst[i]!, 1e-6, `number ${i}`)
  kernels.addNormals(78n, at, 3)
  assert.notEqual(z[0]! - 1 - ofFirst[0]!, ofFirst[0])
})

test('the rows drawn have the mean and covariance of the formula; without ratings, the prior mean', async () => {
  const [size, factors, movies, draws, noise] = [8, 4, 6, 20_000, 1.5]
  const places = factors + 1
  const plan = planArena()
  const at = {
    side: plan.take(gibbsSide.bytes),
    rows: plan.take((draws + 1) * size * 4),
    others: plan.take(movies * size * 4),
    start: plan.take((draws + 2) * 4),
    index: plan.take(draws * movies * 4),
    target: plan.take(draws * movies * 4),
    weight: plan.take(movies * 4),
    rowWeight: plan.take((draws + 1) * 4),
    errors: plan.take(8),
    precision: plan.take(size * size * 4),
    prior: plan.take(size * 4),
    scratch: plan.take(size * (size + 2) * 4 + panelBytes(size)),
  }
  const arena = plan.create()
  const random = createRandom(3, 'gibbs')
  const others = arena.f32(at.others, movies * size)
  for (let movie = 0; movie < movies; movie++)
    for (let i = 0; i < places; i++) others[movie * size + i] = random.normal()
  const rating = Array.from({ length: movies }, () => random.normal())
  const weight = Array.from({ length: movies }, (_, movie) => 0.5 + movie / 4)
  const ofRow = 1.25
  // Every row has the same ratings but the last, which has none.
  arena.u32(at.start, draws + 2).set(Uint32Array.from({ length: draws + 2 }, (_, i) => i * movies))
  arena.u32(at.start, draws + 2)[draws + 1] = draws * movies
  arena.u32(at.index, draws * movies).forEach((_, i, all) => {
    all[i] = i % movies
  })
  arena.f32(at.target, draws * movies).forEach((_, i, all) => {
    all[i] = rating[i % movies]!
  })
  arena.f32(at.weight, movies).set(weight.map((own) => own / ofRow))
  arena.f32(at.rowWeight, draws + 1).fill(ofRow)
  const precision = arena.f32(at.precision, size * size)
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      precision[i * size + j] = i === j ? 1 + i / 10 : i < places && j < places ? 0.2 : 0
  const prior = arena.f32(at.prior, size)
  prior.set([0.5, -0.5, 1, 0, 2])
  writeStruct(arena.view, at.side, gibbsSide, {
    start: at.start,
    index: at.index,
    weight: at.weight,
    weightOf: at.index,
    table: at.others,
    size,
    offsetAt: factors,
    key: 5n | (6n << 32n),
    rows: at.rows,
    target: at.target,
    rowWeight: at.rowWeight,
    precision: at.precision,
    mean: at.prior,
    means: 0,
    noise,
    errors: at.errors,
  })
  const kernels = instantiateKernels(await compileKernels(), arena.memory)
  assert.equal(kernels.drawRows(at.side, 0, draws + 1, at.scratch), 0)

  const a = new Float64Array(places * places)
  const c = new Float64Array(places)
  for (let i = 0; i < places; i++)
    for (let j = 0; j < places; j++) {
      a[i * places + j] = precision[i * size + j]!
      c[i]! += precision[i * size + j]! * prior[j]!
    }
  for (let movie = 0; movie < movies; movie++) {
    const x = others.slice(movie * size, movie * size + places)
    const target = rating[movie]! - x[factors]!
    x[factors] = 1
    for (let i = 0; i < places; i++) {
      c[i]! += noise * weight[movie]! * target * x[i]!
      for (let j = 0; j < places; j++) a[i * places + j]! += noise * weight[movie]! * x[i]! * x[j]!
    }
  }
  const l = cholesky(a, places)
  const inverse = (b: Float64Array) => {
    solveLower(l, b)
    solveLowerTransposed(l, b)
    return b
  }
  const expected = inverse(c)
  const rows = arena.f32(at.rows, (draws + 1) * size)
  for (let i = 0; i < places; i++) {
    const covariance = inverse(Float64Array.from({ length: places }, (_, j) => Number(i === j)))
    const sums = new Float64Array(places)
    let mean = 0
    for (let row = 0; row < draws; row++) {
      mean += rows[row * size + i]! / draws
      for (let j = 0; j < places; j++)
        sums[j]! +=
          ((rows[row * size + i]! - expected[i]!) * (rows[row * size + j]! - expected[j]!)) / draws
    }
    near(mean, expected[i]!, 0.03, `mean ${i}`)
    for (let j = 0; j < places; j++) near(sums[j]!, covariance[j]!, 0.03, `covariance ${i}, ${j}`)
  }
  assert.deepEqual([...rows.subarray(draws * size)], [...prior])
  assert.ok(rows.every((x, i) => i % size < places || x === 0))

  // u·v + b_u + b_v of the last row, which is the prior mean, for each movie.
  arena.u32(at.start, 2).set([0, movies])
  rows.set(prior)
  const predicted = Array.from({ length: movies }, (_, movie) => {
    const v = others.subarray(movie * size)
    return prior.reduce((sum, x, i) => sum + (i < factors ? x * v[i]! : 0), 2 + v[factors]!)
  })
  const squares = predicted.reduce((sum, p, movie) => sum + (rating[movie]! - p) ** 2, 0)
  near(kernels.squaredErrors(at.side, 0, 1), squares, 1e-4 * squares, 'squared errors')
  near(arena.f64(at.errors, 1)[0]!, squares, 1e-4 * squares, 'squared errors of the row')
})

/** b ← L⁻¹b for one column. */
function solveLower(l: Float64Array, b: Float64Array): void {
  const size = b.length
  for (let i = 0; i < size; i++) {
    let sum = b[i]!
    for (let p = 0; p < i; p++) sum -= l[i * size + p]! * b[p]!
    b[i] = sum / l[i * size + i]!
  }
}
