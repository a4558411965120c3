import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { parseColumns } from '../../src/storage/ratings/columns/given-columns.ts'
import { readRatings } from '../../src/storage/ratings/read-ratings.ts'
import { unpacked } from '../../src/storage/zip/unpacked.ts'
import { body, isError, rowsOf } from './bodies.ts'

async function read(content: string, columns?: string) {
  const given = columns === undefined ? null : parseColumns(columns)
  const { ratings, ...report } = await readRatings(body(content), null, given)
  return { ...report, rows: rowsOf(ratings) }
}

test('columns are read as they are named, and the others by their usual names', async () => {
  const file = 'who;film;mark;timestamp\nann;7;3,5;100\n'
  const { rows } = await read(file, 'user:who,movie:film,rating:Mark')
  assert.deepEqual(rows, [['ann', '7', 3.5, 100]])
  const json = '{"who":"ann","film":7,"mark":4,"at":100}\n'
  assert.deepEqual((await read(json, 'user:who,movie:film,rating:mark,timestamp:at')).rows, [
    ['ann', '7', 4, 100],
  ])
})

test('a file without a header is read by positions, whatever parts its fields', async () => {
  for (const separator of [',', ';', '\t', '::', '|', ' ']) {
    const file = ['5.0,"x",B00,ann,1365811200', '1,y,B01,bob,0'].join('\n')
    const { rows, refused } = await read(
      file.replaceAll(',', separator),
      'user:4,movie:3,rating:1,timestamp:5',
    )
    assert.deepEqual(refused, 0)
    assert.deepEqual(rows, [
      ['ann', 'B00', 5, 1_365_811_200],
      ['bob', 'B01', 1, 0],
    ])
  }
})

test('a file with a header is never read by position', async () => {
  const known = 'userId,movieId,rating\n1,2,3\n'
  await assert.rejects(
    read(known, 'user:1,movie:2,rating:3'),
    isError('unrecognised-format', /name/),
  )
  for (const header of ['item\tperson\tstars5', 'item\tperson\t5star\twhen', 'item::person::1-5'])
    await assert.rejects(
      read(`${header}\n1${header.includes('::') ? '::' : '\t'}2\t3\n`),
      isError('unrecognised-format', /The first line/),
    )
})

test('what may be read in two ways is refused with both', async () => {
  for (const [file, columns, message] of [
    ['user,uid,item,score\n1,2,3,4\n', undefined, /user may be "user" or "uid".*columns=user:/],
    ['user,item,film_id,score\n1,2,3,4\n', undefined, /movie may be "item" or "film_id"/],
    ['userId,movieId,score,stars\n1,2,3,4\n', undefined, /rating may be "score" or "stars"/],
    ['rating,userId,movieId,rating\n1,2,3,4\n', undefined, /rating may be "rating" or "rating"/],
    ['{"uid":"1","user":"2","item":"3","score":4}\n', undefined, /user may be "uid" or "user"/],
    ['1\t10\t978300760\t5\n', undefined, /column 3.*column 4/],
    ['1;2,3;4,5\n', 'user:1,movie:2,rating:3', /cut at "," and when at ";"/],
  ] as const)
    await assert.rejects(read(file, columns), isError('unrecognised-format', message), file)
  const named = await read('user,uid,item,score\n1,2,3,4\n', 'user:uid')
  assert.deepEqual(named.rows, [['2', '3', 4, 0]])
  const whole = await read('userId,user,movieId,rating,score\n1,2,3,4,5\n')
  assert.deepEqual(whole.rows, [['1', '3', 4, 0]], 'the plain name is one reading')
})

test('columns that are not there, or no columns at all, are refused', async () => {
  const file = 'who,film,mark\nann,7,3\n'
  for (const columns of ['user:whom,movie:film,rating:mark', 'user:who'])
    await assert.rejects(read(file, columns), isError('unrecognised-format', /given/))
  for (const columns of [
    '',
    'user',
    'who:1',
    'user:1,movie:2',
    'user:1,movie:x,rating:3',
    'user:a,user:b',
    'user:1,movie:1,rating:2',
  ])
    assert.throws(
      () => parseColumns(columns),
      isError('invalid-request', /expected user:/),
      columns,
    )
})

const csv = 'userId,movieId,rating\n1,10,4\n'
const inGzip = (bytes: Uint8Array) =>
  unpacked(body(bytes, 7), 'ratings', (lines) => readRatings(lines))

test('gzip is unpacked as it comes, of several members too', async () => {
  const members = Buffer.concat([gzipSync(csv), gzipSync('2,10,3\n')])
  assert.equal((await inGzip(members)).accepted, 2)
  assert.equal((await inGzip(Buffer.from(csv))).accepted, 1)
})

test('gzip that is damaged, cut short, a bomb or gzip again is refused', async () => {
  const whole = gzipSync(csv)
  const damaged = Buffer.from(whole)
  damaged[whole.length - 8]! ^= 1
  const bomb = gzipSync(csv + '1,10,4\n'.repeat(2_000_000))
  assert.ok(bomb.length < 100_000)
  for (const [bytes, message] of [
    [whole.subarray(0, -5), /cut short or damaged/],
    [damaged, /cut short or damaged/],
    [bomb, /more than 100 times its size/],
  ] as const)
    await assert.rejects(inGzip(bytes), isError('unsafe-archive', message))
  await assert.rejects(inGzip(gzipSync(whole)), isError('unrecognised-format', /another archive/))
})
