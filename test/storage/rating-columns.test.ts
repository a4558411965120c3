import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import fc from 'fast-check'
import { spoolPrefix } from '../../src/storage/integrity/leftovers.ts'
import { owner } from '../../src/storage/owner.ts'
import { RatingColumns } from '../../src/storage/ratings/rating-columns.ts'
import { encodeColumns, encodeRatings } from '../../src/storage/ratings/ratings-segment.ts'
import { readRatings } from '../../src/storage/ratings/read-ratings.ts'
import { RisingNumbers } from '../../src/storage/readers/rising-numbers.ts'
import { withScratchFile } from '../../src/storage/readers/scratch-file.ts'

const id = fc.oneof(fc.nat(30).map(String), fc.constantFrom('é', '🎬', 'user-1', '7.0', '07'))
const row = fc.tuple(id, id, fc.integer({ min: -1, max: 5 }), fc.nat(2 ** 32 - 1))

test('groups of any size, in memory or in a file, make the same segment', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 20 }),
      fc.nat(3),
      async (rows, groupRows, groupsInMemory) => {
        const columnsOf = (columns: RatingColumns) => {
          for (const one of rows) columns.add(...one)
          return columns
        }
        const notes = { import: 'so' }
        const whole = columnsOf(new RatingColumns()).build()
        const expected = Buffer.concat(encodeRatings(whole, notes))
        await withScratchFile(async (file) => {
          const columns = columnsOf(new RatingColumns({ file, groupRows, groupsInMemory })).close()
          const parts = encodeColumns(columns, notes)
          // What is put may be put again, under another name.
          for (const _ of [1, 2])
            assert.deepEqual(
              Buffer.concat(Array.from(parts, (part) => Buffer.from(part))),
              expected,
            )

          // Others, in the same file, of which some ids have no row any more.
          const liked = columns.only((rating) => rating > 2, file).build()
          const again = new RatingColumns()
          for (let i = 0; i < whole.rating.length; i++) {
            const [user, movie] = [whole.userIndex[i]!, whole.movieIndex[i]!]
            if (whole.rating[i]! > 2)
              again.add(
                ...([whole.users.idOf(user), whole.movies.idOf(movie)] as const),
                ...([whole.rating[i]!, whole.timestamp[i]!] as const),
              )
          }
          assert.deepEqual(encodeRatings(liked), encodeRatings(again.build()))
        })
      },
    ),
    { seed: 18, numRuns: 100 },
  ))

test('a file of rows has no name, and what the disk refuses is said of the folder', async () => {
  const names = () => readdirSync(tmpdir()).filter((name) => name.startsWith(spoolPrefix + owner))
  await withScratchFile(async (file) => {
    assert.equal(file.append(Buffer.from('ab')), 0)
    assert.equal(file.append(Buffer.from('cde')), 2)
    assert.deepEqual(names(), [])
    const read = Buffer.alloc(3)
    file.read(read, 1)
    assert.equal(read.toString(), 'bcd')
  })
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = '/proc/nowhere'
  try {
    const full = withScratchFile(async (file) => file.append(Buffer.from('a')))
    await assert.rejects(full, { code: 'internal', message: /^The folder of uploads \(TMPDIR\)/ })
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
})

test('numbers that rise are found by their index', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 60 }), (steps) => {
      const [numbers, rising] = [[] as number[], new RisingNumbers()]
      for (const step of steps) numbers.push((numbers.at(-1) ?? -1) + step)
      for (const number of numbers) rising.add(number)
      numbers.forEach((number, index) => {
        assert.equal(rising.at(index), number)
      })
    }),
    { seed: 18 },
  )
})

test('far lines are named by their numbers, also behind many blank ones and marks', async () => {
  const lines = Array.from({ length: 200_000 }, (_, i) =>
    i % 3 === 1 ? '' : `u,m${i},${1 + (i % 5)}`,
  )
  lines[150_000] = 'u,far,450'
  lines[10] = 'u,unseen,-1'
  const text = `userId,movieId,rating\n${lines.join('\n')}`
  const { scale, refusals, accepted } = await readRatings(Readable.from([Buffer.from(text)]))
  assert.deepEqual(scale.farOffRatings, [{ line: 150_002, rating: 450 }])
  assert.deepEqual(
    refusals.map(({ line }) => line),
    [12],
  )
  assert.equal(accepted, lines.filter((line) => line !== '').length - 1)
})
