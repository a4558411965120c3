import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planArena } from '../../src/numeric/kernels/arena.ts'
import { compileKernels, instantiateKernels } from '../../src/numeric/kernels/kernels.ts'
import {
  f32,
  f64,
  i32,
  type Struct,
  struct,
  u32,
  u64,
  updateStruct,
  writeStruct,
} from '../../src/numeric/kernels/struct.ts'
import * as structs from '../../src/numeric/kernels/structs.ts'

test('names, types, offsets and sizes of all structs are those of the compiled kernels', async () => {
  const { memory } = planArena().create()
  const kernels: object = instantiateKernels(await compileKernels(), memory)
  const compiled = Object.entries(kernels)
    .filter(([, exported]) => typeof exported === 'object' && 'value' in exported)
    .map(([name, { value }]) => [name.replace(/_usize$/, '_u32'), value])
  const declared = Object.entries<Struct>(structs).flatMap(([name, { fields, offsets, bytes }]) => {
    const className = name[0]!.toUpperCase() + name.slice(1)
    return [
      [className, bytes],
      ...Object.entries(fields).map(([field, type]) => [
        `${className}_${field}_${type}`,
        offsets[field],
      ]),
    ]
  })
  assert.ok(compiled.length > 80, `${compiled.length} exported offsets`)
  assert.deepEqual(Object.fromEntries(declared), Object.fromEntries(compiled))
})

test('a struct is written by name, each number in the bytes of its field and no others', () => {
  const pair = struct({
    ...u32('size'),
    ...u64('key'),
    ...i32('place'),
    ...f32('share'),
    ...f64('sum'),
  })
  assert.equal(pair.bytes, 32)
  const view = new DataView(new ArrayBuffer(48))
  writeStruct(view, 8, pair, {
    sum: 0.1,
    share: 0.5,
    key: 2n ** 63n + 7n,
    place: -1,
    size: 2 ** 32 - 1,
  })
  updateStruct(view, 8, pair, { share: 0.25 })
  const read = [
    ...[view.getUint32(8, true), view.getBigUint64(16, true), view.getInt32(24, true)],
    ...[view.getFloat32(28, true), view.getFloat64(32, true)],
  ]
  assert.deepEqual(read, [2 ** 32 - 1, 2n ** 63n + 7n, -1, 0.25, 0.1])
  for (const outside of [0, 4, 12, 40, 44]) assert.equal(view.getUint32(outside, true), 0)
})

test('a field that is missing or unknown, or a number for a bigint, is a type error', () => {
  const view = new DataView(new ArrayBuffer(16))
  const named = struct({ ...u64('key'), ...f32('x') })
  const writes = [
    // @ts-expect-error: x is missing
    () => writeStruct(view, 0, named, { key: 1n }),
    // @ts-expect-error: there is no y
    () => writeStruct(view, 0, named, { key: 1n, x: 1, y: 2 }),
    // @ts-expect-error: a key is a bigint
    () => writeStruct(view, 0, named, { key: 1, x: 1 }),
  ]
  assert.equal(writes.length, 3)
})
