import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { csvField } from '../../src/serving/batch/batch-lines.ts'
import { partOf } from '../../src/serving/batch/open-batch.ts'
import { withoutLinesOf } from '../../src/storage/batches/erase-lines.ts'
import { parquetPart, withoutRowsOf } from '../../src/storage/batches/parquet-part.ts'

/** Ids as users have them: any text without control characters. */
const id = fc
  .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
  .filter((text) => !/\p{Cc}/u.test(text))
const rows = fc.array(fc.record({ userId: id, movieId: id }), { maxLength: 12 })

const writers = {
  ndjson: ({ userId, movieId }: { userId: string; movieId: string }) =>
    `${JSON.stringify({ userId, movieId })}\n`,
  csv: ({ userId, movieId }: { userId: string; movieId: string }) =>
    `${csvField(userId)},${csvField(movieId)},1\n`,
}

for (const format of ['ndjson', 'csv'] as const)
  test(`${format}: the lines of who is erased go, and no others, whatever the ids are`, () => {
    const header = format === 'csv' ? 'userId,movieId,rating\n' : ''
    fc.assert(
      fc.property(rows, fc.nat(), (all, seed) => {
        // Somebody of these, or somebody whose lines are not there; and who is called like the header.
        const gone = new Set([all[seed % Math.max(1, all.length)]?.userId ?? 'nobody', 'userId'])
        const textOf = (some: typeof all) => header + some.map(writers[format]).join('')
        const bytes = Buffer.from(textOf(all))
        const { rest, lines, users } = withoutLinesOf((user) => gone.has(user), format, bytes)
        const kept = all.filter(({ userId }) => !gone.has(userId))
        assert.equal(Buffer.concat(rest).toString(), textOf(kept))
        const erased = all.filter(({ userId }) => gone.has(userId))
        assert.deepEqual(
          [lines, users],
          [erased.length, new Set(erased.map((one) => one.userId)).size],
        )
      }),
    )
  })

test('parquet: the rows of who is erased go, and no others, with the types of their columns', async () => {
  const value = fc.option(fc.double({ noNaN: true }))
  const predictions = fc.array(
    fc.record(
      {
        userId: id,
        movieId: id,
        rating: value,
        basis: fc.option(id),
        lowest: value,
        highest: value,
      },
      { noNullPrototype: true },
    ),
    { maxLength: 12 },
  )
  const read = (bytes: Uint8Array) =>
    parquetReadObjects({ file: new Uint8Array(bytes).buffer as ArrayBuffer })
  await fc.assert(
    fc.asyncProperty(predictions, fc.nat(), async (all, seed) => {
      const gone = all[seed % Math.max(1, all.length)]?.userId ?? 'nobody'
      const bytes = await parquetPart('predictions', all)
      assert.deepEqual(await read(bytes), all)
      const { rest, lines, users } = await withoutRowsOf((user) => user === gone, bytes)
      const kept = all.filter(({ userId }) => userId !== gone)
      assert.deepEqual(await read(Buffer.concat(rest)), kept)
      assert.deepEqual([lines, users], [all.length - kept.length, Number(all.length > kept.length)])
      // Nothing is written anew where nobody goes.
      assert.equal(rest[0] === bytes, lines === 0)
    }),
  )
  const row = { userId: '1', rank: 1, movieId: '2', rating: 4.5, score: 0.1, basis: 'trained' }
  // More than are held at once.
  const many = Array.from({ length: 45_000 }, (_, i) => ({ ...row, rank: i + 1 }))
  const lists = await parquetPart('lists', many)
  assert.deepEqual(await read(lists), many)
  const { schema, row_groups } = parquetMetadata(new Uint8Array(lists).buffer as ArrayBuffer)
  assert.deepEqual(
    schema.slice(1).map(({ name, type, converted_type }) => [name, converted_type ?? type]),
    [
      ...[
        ['userId', 'UTF8'],
        ['rank', 'INT32'],
        ['movieId', 'UTF8'],
        ['rating', 'DOUBLE'],
      ],
      ...[
        ['score', 'DOUBLE'],
        ['basis', 'UTF8'],
      ],
    ],
  )
  assert.equal(row_groups.length, 3)
  await assert.rejects(
    withoutRowsOf(() => false, lists.subarray(0, 999)),
    {
      code: 'damaged-segment',
    },
  )
})

test('the lines of a file that was cut anywhere end', () => {
  fc.assert(
    fc.property(rows, fc.nat(), fc.constantFrom('ndjson', 'csv'), (all, at, format) => {
      const bytes = Buffer.from(all.map(writers[format]).join(''))
      const { rest } = withoutLinesOf(
        () => false,
        format,
        bytes.subarray(0, at % (bytes.length + 1)),
      )
      assert.ok(Buffer.concat(rest).equals(bytes.subarray(0, at % (bytes.length + 1))))
    }),
  )
})

test('every user is in one part, and parts are about as large as each other', () => {
  fc.assert(
    fc.property(id, fc.integer({ min: 1, max: 1_000 }), (userId, parts) => {
      const part = partOf(userId, parts)
      assert.ok(Number.isInteger(part) && part >= 0 && part < parts)
      assert.equal(partOf(userId, parts), part)
    }),
  )
  const sizes = Array<number>(33).fill(0)
  for (let user = 1; user <= 162_000; user++) sizes[partOf(String(user), 33)]! += 1
  // Of 4,909 on average; the deviation of a fair draw is 69.
  assert.ok(Math.min(...sizes) > 4_500 && Math.max(...sizes) < 5_300, sizes.join())
})
