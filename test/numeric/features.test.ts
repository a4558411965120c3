import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planArena } from '../../src/numeric/kernels/arena.ts'
import { compileKernels, instantiateKernels } from '../../src/numeric/kernels/kernels.ts'
import { writeStruct } from '../../src/numeric/kernels/struct.ts'
import { crossProduct, featureGroup, rowProduct } from '../../src/numeric/kernels/structs.ts'
import { createRandom } from '../../src/numeric/random/random.ts'

const [size, places, rows, features, strength] = [16, 11, 9, 6, 2.5]

const near = (actual: number, expected: number, what: string) =>
  assert.ok(
    Math.abs(actual - expected) <= 1e-4 * Math.max(1, Math.abs(expected)),
    `${what}: ${actual}, expected ${expected}`,
  )

/** Rows with some features each, in the memory of the kernels; the last row has no ratings. */
async function prepare() {
  const random = createRandom(4, 'features')
  const has = Array.from({ length: rows }, () =>
    Array.from({ length: features }, (_, f) => f).filter(() => random.uniform() < 0.5),
  )
  const columns = Array.from({ length: features }, (_, f) =>
    Array.from({ length: rows - 1 }, (_, row) => row).filter((row) => has[row]!.includes(f)),
  )
  const plan = planArena()
  const table = (height: number) => plan.take(height * size * 4)
  const at = {
    ...{
      group: plan.take(featureGroup.bytes),
      rows: table(rows),
      means: table(rows),
      residuals: table(rows),
      mean: table(1),
    },
    ...{ rowStart: plan.take((rows + 1) * 4), rowFeature: plan.take(rows * features * 4) },
    ...{ scale: plan.take(rows * 4), featureStart: plan.take((features + 1) * 4) },
    ...{ featureRow: plan.take(rows * features * 4), weights: table(features) },
    ...{ noise: table(features), root: table(size) },
  }
  const arena = plan.create()
  const compress = (lists: number[][], start: number, entries: number) => {
    let end = 0
    const ends = lists.map((list) => {
      end += list.length
      return end
    })
    arena.u32(start, lists.length + 1).set([0, ...ends])
    arena.u32(entries, lists.flat().length).set(lists.flat())
  }
  compress(has, at.rowStart, at.rowFeature)
  compress(columns, at.featureStart, at.featureRow)
  const fill = (address: number, height: number) => {
    const data = arena.f32(address, height * size)
    for (let i = 0; i < data.length; i++) data[i] = i % size < places ? random.normal() : 0
    return data
  }
  const tables = {
    ...{ u: fill(at.rows, rows), m: fill(at.means, rows), mu: fill(at.mean, 1) },
    ...{ b: fill(at.weights, features), noise: fill(at.noise, features) },
    scale: arena.f32(at.scale, rows).map(() => 0.3 + random.uniform()),
    root: arena.f32(at.root, size * size),
    residuals: arena.f32(at.residuals, rows * size),
  }
  arena.f32(at.scale, rows).set(tables.scale)
  for (let i = 0; i < size; i++)
    for (let j = i; j < size; j++)
      tables.root[i * size + j] = i === j ? 1 + i / 20 : i < places && j < places ? 0.1 : 0
  const { group, ...addresses } = at
  const key = 7n | (8n << 32n)
  const values = { ...addresses, rowCount: rows, key, features, size, places, strength }
  writeStruct(arena.view, group, featureGroup, values)
  return {
    at,
    has,
    columns,
    tables,
    kernels: instantiateKernels(await compileKernels(), arena.memory),
  }
}

test('the mean of a row is the sum of the weights of its features, each times its scale', async () => {
  const { at, has, tables, kernels } = await prepare()
  const { m, b, scale } = tables
  kernels.addFeatureMeans(at.group, 0, rows, 1)
  kernels.addFeatureMeans(at.group, 2, 4, 0)
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < size; i++) {
      const sum = has[row]!.reduce((all, f) => all + scale[row]! * b[f * size + i]!, 0)
      near(m[row * size + i]!, row === 2 || row === 3 ? 2 * sum : sum, `row ${row}, ${i}`)
    }
})

test("features are drawn one after the other around what is left of the rows, with the noise's spread", async () => {
  const { at, columns, tables, kernels } = await prepare()
  const [plain, means] = [Float64Array.from(tables.b), Float64Array.from(tables.m)]
  for (let f = 0; f < features; f++)
    for (let i = 0; i < size; i++) {
      const s = (row: number) => tables.scale[row]!
      const squares = columns[f]!.reduce((sum, row) => sum + s(row) ** 2, 0)
      const old = plain[f * size + i]!
      const left = columns[f]!.reduce((sum, row) => {
        const x = tables.u[row * size + i]! - tables.mu[i]! - means[row * size + i]!
        return sum + s(row) * (x + s(row) * old)
      }, 0)
      const v = 1 / (strength + squares)
      const drawn = v * left + Math.sqrt(v) * tables.noise[f * size + i]!
      plain[f * size + i] = drawn
      for (const row of columns[f]!) means[row * size + i]! += s(row) * (drawn - old)
    }
  for (let from = 0; from < size * 4; from += 32) kernels.drawFeatures(at.group, from, 1)
  for (const [i, x] of plain.entries()) near(tables.b[i]!, x, `weight ${i}`)
  const left = tables.residuals
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < size; i++) {
      const expected = tables.u[row * size + i]! - tables.mu[i]! - means[row * size + i]!
      near(left[8 * (Math.floor(i / 8) * rows + row) + (i % 8)]!, expected, `left of ${row}, ${i}`)
    }
})

test('the noise of features solves their root, and another part of them changes none', async () => {
  const { at, tables, kernels } = await prepare()
  kernels.drawFeatureNoise(at.group, 0, features)
  const { noise, root } = tables
  const whole = noise.slice()
  kernels.drawFeatureNoise(at.group, 3, 5)
  assert.deepEqual(noise, whole)
  // R·ε are standard normal numbers.
  const z = Array.from({ length: features * places }, (_, at) => {
    const [f, i] = [Math.floor(at / places), at % places]
    let sum = 0
    for (let j = i; j < places; j++) sum += root[i * size + j]! * noise[f * size + j]!
    return sum
  })
  const variance = z.reduce((sum, x) => sum + x * x, 0) / z.length
  assert.ok(variance > 0.5 && variance < 1.7, `variance ${variance}`)
  assert.ok(noise.every((x, i) => i % size < places || x === 0))
})

test('products of tables are those of TypeScript', async () => {
  const [n, k, columns] = [12, 8, 24]
  const plan = planArena()
  const at = {
    a: plan.take(n * k * 4),
    b: plan.take(n * columns * 4),
    c: plan.take(k * columns * 4),
    cross: plan.take(crossProduct.bytes),
    product: plan.take(rowProduct.bytes),
  }
  const out = plan.take(n * columns * 4)
  const arena = plan.create()
  const random = createRandom(6, 'products')
  const fill = (address: number, length: number) => {
    const data = arena.f32(address, length)
    for (let i = 0; i < length; i++) data[i] = random.normal()
    return data
  }
  const [a, b, sums] = [fill(at.a, n * k), fill(at.b, n * columns), fill(out, n * columns)]
  const c = arena.f32(at.c, k * columns)
  const before = sums.slice()
  const kernels = instantiateKernels(await compileKernels(), arena.memory)
  writeStruct(arena.view, at.cross, crossProduct, {
    left: at.a,
    leftBytes: k * 4,
    right: at.b,
    rightBytes: columns * 4,
    rows: n,
    out: at.c,
  })
  for (let i = 0; i < k; i += 4)
    for (let j = 0; j < columns; j += 8) kernels.crossTile(at.cross, i, j)
  for (let i = 0; i < k; i++)
    for (let j = 0; j < columns; j++) {
      let sum = 0
      for (let row = 0; row < n; row++) sum += a[row * k + i]! * b[row * columns + j]!
      near(c[i * columns + j]!, sum, `cross ${i}, ${j}`)
    }
  const used = k - 3
  writeStruct(arena.view, at.product, rowProduct, {
    left: at.a,
    leftBytes: k * 4,
    places: used,
    right: at.c,
    out,
    outBytes: columns * 4,
  })
  kernels.addProducts(at.product, 4, n)
  for (let row = 0; row < n; row++)
    for (let j = 0; j < columns; j++) {
      let sum = before[row * columns + j]!
      for (let i = 0; row >= 4 && i < used; i++) sum += a[row * k + i]! * c[i * columns + j]!
      near(sums[row * columns + j]!, sum, `product ${row}, ${j}`)
    }
})
