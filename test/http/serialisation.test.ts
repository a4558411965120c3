import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { serializerCompiler } from '../../src/http/out/serialisation.ts'

const shape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('a'), a: z.number() }),
  z.strictObject({ kind: z.literal('b'), b: z.string() }),
])
const schema = z.strictObject({
  shape,
  shapes: z.array(shape),
  maybeShape: shape.nullable(),
  item: z.strictObject({ title: z.string(), year: z.int().nullable() }).nullable(),
  names: z.array(z.string()).nullable(),
  state: z.enum(['on', 'off']).nullable(),
})
const write = serializerCompiler({ schema, method: 'GET', url: '/x', httpStatus: '200' })

const values: z.infer<typeof schema>[] = [
  {
    shape: { kind: 'a', a: 1.5 },
    shapes: [
      { kind: 'b', b: '"' },
      { kind: 'a', a: 0 },
    ],
    maybeShape: { kind: 'b', b: 'é' },
    item: { title: 'M', year: null },
    names: ['x', ''],
    state: 'off',
  },
  {
    ...{ shape: { kind: 'b', b: '' }, shapes: [] },
    ...{ maybeShape: null, item: null, names: null, state: null },
  },
]

test('answers with nulls, and with one of several shapes, are written as they are', () => {
  for (const value of values) assert.deepEqual(JSON.parse(write(value)), value)
})

test('what is not in the schema is left out, but no answer is checked to find its shape', () => {
  const more = { kind: 'a', a: 1, more: true }
  const [, nothing] = values
  const item = { title: 'M', year: 2000, more: true }
  const written = JSON.parse(write({ ...nothing!, shape: more, item }))
  assert.deepEqual(written.shape, more)
  assert.deepEqual(written.item, { title: 'M', year: 2000 })
})
