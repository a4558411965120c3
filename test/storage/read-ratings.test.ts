import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import fc from 'fast-check'
import { MarqueeError } from '../../src/errors.ts'
import { readRatings } from '../../src/storage/ratings/read-ratings.ts'
import { body, isError, rowsOf } from './bodies.ts'
import { movielens, needsMovielens } from './movielens.ts'

/** The rows of a file as [userId, movieId, rating, timestamp], with what is said about the rest. */
async function read(content: string | Uint8Array, pieceBytes?: number) {
  const { ratings, scale: _, ...report } = await readRatings(body(content, pieceBytes))
  return { ...report, rows: rowsOf(ratings) }
}

const rows = [
  ['1', '31', 2.5, 1_260_759_144],
  ['1', '1029', 3, 1_260_759_179],
  ['2', '31', 5, 0],
]
const formats = {
  'ratings.csv':
    'userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n1,1029,3.0,1260759179\n2,31,5,\n',
  'u.data': '1\t31\t2.5\t1260759144\n1\t1029\t3\t1260759179\n2\t31\t5\t0\n',
  'ratings.dat': '1::31::2.5::1260759144\n1::1029::3::1260759179\n2::31::5::0\n',
  ndjson:
    '{"userId":"1","movieId":31,"rating":2.5,"timestamp":1260759144}\n' +
    '{"movieId":"1029","userId":1,"rating":3,"timestamp":1260759179,"more":[]}\n' +
    '{"userId":"2","movieId":"31","rating":5}\n',
}

for (const [format, content] of Object.entries(formats)) {
  test(`${format} is recognised and read`, async () => {
    assert.deepEqual(await read(content), { format, accepted: 3, refused: 0, refusals: [], rows })
  })

  test(`${format} may have CRLF, a byte order mark, blank lines and no last end of line`, async () => {
    const changed = `\uFEFF${content.trimEnd().replaceAll('\n', '\r\n\r\n')}`
    assert.deepEqual((await read(changed)).rows, rows)
  })

  test(`${format} is read alike in pieces of any size`, async () => {
    for (let size = 1; size <= content.length; size++)
      assert.deepEqual((await read(content, size)).rows, rows)
  })
}

test('the columns of a CSV come in any order and any case, quoted, with others between', async () => {
  const content =
    '"Rating", "other" ,"movieid",USERID\n2.5,"a ""b"", c",31,1\n3,x,"1029","1"\n5,,31,2\n'
  const expected = rows.map(([user, movie, rating]) => [user, movie, rating, 0])
  assert.deepEqual((await read(content)).rows, expected)
})

test('a line may end before the timestamp', async () => {
  const content = 'userId,movieId,rating,timestamp\n1,1,4,5\n123,123,4\n'
  assert.deepEqual((await read(content)).rows, [
    ['1', '1', 4, 5],
    ['123', '123', 4, 0],
  ])
})

test('ids may hold any letters, also a comma in quotes, and lose only spaces around them', async () => {
  const content = 'userId,movieId,rating\n"Doe, J.", tt0114709 ,4\nØyvind 🎬,"""q""",4\n'
  assert.deepEqual((await read(content)).rows, [
    ['Doe, J.', 'tt0114709', 4, 0],
    ['Øyvind 🎬', '"q"', 4, 0],
  ])
})

test('ids in ISO-8859-1 are read as such', async () => {
  const content = Buffer.from('userId,movieId,rating\nJosé,1,4\n', 'latin1')
  assert.deepEqual((await read(content)).rows, [['José', '1', 4, 0]])
})

test('a bad line is refused with its number and a reason, and the others are taken', async () => {
  const lines = [
    'userId,movieId,rating,timestamp',
    '1,1,4,0',
    ',1,4,0',
    '1, ,4,0',
    `${'x'.repeat(129)},1,4,0`,
    '1\u0007,1,4,0',
    '1,1',
    '',
    '1,1,,0',
    '1,1,four,0',
    '1,1,NaN,0',
    '1,1,Infinity,0',
    '1,1,0x10,0',
    '1,1,1e39,0',
    '1,1,"4,5",0',
    '1,1,4,-1',
    '1,1,4,4294967295',
    '1,1,4,yesterday',
    '1,1,4,2020-02-30',
    '1,"1,4,0',
    `1,${'y'.repeat(70_000)},4,0`,
    '1,1,3,5,0',
    `${'x'.repeat(128)},1,100,1700000000`,
  ]
  const { rows, accepted, refused, refusals } = await read(lines.join('\n'))
  assert.deepEqual([accepted, refused], [2, 19])
  assert.deepEqual(rows.slice(1), [['x'.repeat(128), '1', 100, 1_700_000_000]])
  assert.deepEqual(
    refusals.map(({ line, reason }) => `${line}: ${reason}`),
    [
      '3: userId is empty',
      '4: movieId is empty',
      '5: userId has 129 characters, at most 128 are taken',
      '6: userId has a control character',
      '7: the line has 2 fields, expected at least 3',
      '9: rating "" is not a finite number',
      '10: rating "four" is not a finite number',
      '11: rating "NaN" is not a finite number',
      '12: rating "Infinity" is not a finite number',
      '13: rating "0x10" is not a finite number',
      '14: rating "1e39" is not a finite number',
      '15: rating "4,5" is not a finite number',
      '16: timestamp "-1" is no time since 1970: expected seconds or ISO 8601',
      '17: timestamp "4294967295" lies in the future',
      '18: timestamp "yesterday" is no time since 1970: expected seconds or ISO 8601',
      '19: timestamp "2020-02-30" is no time since 1970: expected seconds or ISO 8601',
      '20: the quotes do not close on this line',
      '21: the line is longer than 65536 bytes',
      '22: the line has 5 fields, expected 4: a decimal comma, or a comma in no quotes?',
    ],
  )
})

test('a bad line of NDJSON is refused with a reason', async () => {
  const lines = [
    '{"userId":1,"movieId":2,"rating":3}',
    '{"userId":1,"movieId":2,"rating":3',
    '[1,2,3]',
    'null',
    '{"userId":1.5,"movieId":2,"rating":3}',
    '{"userId":1,"rating":3}',
    '{"userId":1,"movieId":2,"rating":[3]}',
    '{"userId":1,"movieId":2,"rating":3,"timestamp":"now"}',
    '{"userId":1,"movieId":2,"rating":1e400}',
    '{"userId":"\\ud800","movieId":2,"rating":3}',
    '{"userId":1,"movieId":2,"rating":3,"timestamp":null,"__proto__":{}}',
  ]
  const { accepted, refusals } = await read(lines.join('\n'))
  assert.equal(accepted, 2)
  assert.deepEqual(
    refusals.map(({ line, reason }) => `${line}: ${reason}`),
    [
      '2: the line is not a JSON object',
      '3: the line is not a JSON object',
      '4: the line is not a JSON object',
      '5: userId is not a string or a whole number',
      '6: movieId is missing',
      '7: rating is not a number',
      '8: timestamp "now" is no time since 1970: expected seconds or ISO 8601',
      '9: rating "Infinity" is not a finite number',
      '10: userId has a control character',
    ],
  )
})

const csvOf = (lines: readonly string[], separator = ',') =>
  ['userId,movieId,rating,timestamp', ...lines].join('\n').replaceAll(',', separator)

test('any number is read as it stands, on whatever scale it is', async () => {
  const finite = fc
    .double({ min: -3e38, max: 3e38, noNaN: true, noDefaultInfinity: true })
    .map((number) => number || 0)
  const affine = fc
    .record({ stars: fc.integer({ min: 1, max: 10 }), by: fc.constantFrom(1, 20, 0.1, -3, 1387) })
    .chain(({ stars, by }) => fc.integer({ min: -9, max: 9 }).map((plus) => stars * by + plus))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(finite, affine), { minLength: 1 }), async (numbers) => {
      // 0 among them shows that -1 is a rating.
      const lines = [...numbers, 0].map((number, i) => `u,m${i},${number},5`)
      const { refused, rows } = await read(csvOf(lines))
      const expected = [...numbers, 0].map((number, i) => ['u', `m${i}`, Math.fround(number), 5])
      assert.deepEqual([refused, rows], [0, expected])
    }),
  )
})

test('any order of columns, separator, quotes, line ends and encoding are the same file', async () => {
  const columns = { user_id: '7', 'Item-ID': 'é', 'rating:float': '4,5', noise: 'x', time: '9' }
  const encoded = {
    utf8: (text: string) => Buffer.from(text),
    windows: (text: string) => Buffer.from(text, 'latin1'),
    little: (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
    markless: (text: string) => Buffer.from(text, 'utf16le'),
    big: (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
  }
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(Object.keys(columns) as (keyof typeof columns)[], { minLength: 5 }),
      fc.constantFrom(',', ';', '\t', '::', '|'),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.constantFrom(...Object.values(encoded)),
      fc.boolean(),
      fc.integer({ min: 1, max: 70 }),
      async (names, separator, end, encode, isQuoted, pieceBytes) => {
        const quoted = (fields: readonly string[]) =>
          fields.map((field) => (isQuoted ? `"${field}"` : field)).join(separator)
        const row = names.map((name) => columns[name].replace(',', separator === ',' ? '.' : ','))
        const text = [names, row, row].map((fields) => quoted(fields) + end).join('')
        const { accepted, rows } = await read(encode(text), pieceBytes)
        assert.deepEqual([accepted, rows[1]], [2, ['7', 'é', 4.5, 9]])
      },
    ),
  )
})

test('a header of unknown names is not taken for a line', async () => {
  for (const content of ['who\twhat\tmark\n1\t2\t3\n', 'who::what::mark\n1::2::3\n'])
    await assert.rejects(read(content), isError('unrecognised-format', /^The first line is "who/))
})

// "3,5" without quotes and no time is three fields and two empty ones, too.
test('a line with more fields than the header is refused, empty ones or not', async () => {
  const { rows, refusals } = await read(csvOf(['1,2,3,5,9', '1,2,3,5,', '1,2,"3",9,', '1,2,3,9']))
  assert.deepEqual(
    rows.map(([, , rating]) => rating),
    [3],
  )
  assert.deepEqual(
    refusals.map(({ line }) => line),
    [2, 3, 4],
  )
})

test('a comma in a number is the decimal comma between semicolons, and unclear between tabs', async () => {
  const semicolons = await read('userId;movieId;rating\n1;2;3,5\n1;2;13,883\n1;2;1,2,3\n')
  assert.deepEqual(
    semicolons.rows.map(([, , rating]) => rating),
    [3.5, Math.fround(13.883)],
  )
  const tabs = await read('1\t2\t3,5\t9\n1\t2\t13,883\t9\n')
  assert.deepEqual(
    tabs.rows.map(([, , rating]) => rating),
    [3.5],
  )
  assert.match(tabs.refusals[0]!.reason, /may be a decimal or thousands/)
})

test('times are seconds or finer, floats, days, and ISO 8601 with its zone', async () => {
  const second = 1_112_486_027
  const spellings = [
    ...['1112486027', '1112486027.0', '1.112486027e9', '1112486027000', '1112486027000000'],
    ...['1112486027000000000', '2005-04-02 23:53:47', '2005-04-02T23:53:47Z'],
    ...['2005-04-02T23:53:47.123Z', '2005-04-03 01:53:47+02:00', '2005-04-02T16:23:47-0730'],
    ...['2005/4/2 23:53:47', '2005-04-02 23:53:47 UTC'],
  ]
  const { rows } = await read(csvOf(spellings.map((time) => `1,2,3,${time}`)))
  assert.deepEqual(
    rows.map(([, , , time]) => time),
    spellings.map(() => second),
  )
  const others = ['20050402', '2005-04-02', '2005-04-02 00:00', 'NaT', 'null', '', '0']
  const day = 1_112_400_000
  assert.deepEqual(
    (await read(csvOf(others.map((time) => `1,2,3,${time}`)))).rows.map(([, , , time]) => time),
    [day, day, day, 0, 0, 0, 0],
  )
  const wrong = ['2005-13-01', '2005-02-29', '2005-04-02 25:00', '1969-12-31', '5000000000', '-5']
  const bad = await read(csvOf(['1,2,3,9', ...wrong.map((time) => `1,2,3,${time}`)]))
  assert.deepEqual([bad.accepted, bad.refused], [1, wrong.length])
})

test('-1 marks a movie as not rated where all others are above 0, some above 1', async () => {
  const ratingsOf = async (...numbers: number[]) =>
    (await read(csvOf(numbers.map((number, i) => `u${i},m,${number},5`)))).rows.map(
      ([, , rating]) => rating,
    )
  assert.deepEqual(await ratingsOf(10, -1, 3, -1), [10, 3])
  for (const scale of [
    [-1, 1],
    [-1, 0, 1, 2, 3],
    [-1, -0.5, 4],
    [-1, -1],
  ])
    assert.deepEqual(await ratingsOf(...scale), scale)
  const { refusals, rows } = await read(csvOf(['a,b,-1,5', 'a,c,x,5', 'a,d,7,5', 'e,b,-1,5']))
  assert.deepEqual([refusals.map(({ line }) => line), rows], [[2, 3, 5], [['a', 'd', 7, 5]]])
})

test('ids that are all floats of pandas are whole numbers', async () => {
  const { rows } = await read('userId,movieId,rating\n500.0,905.0,4\n501.0,2.0,3\n')
  assert.deepEqual(rows[0]!.slice(0, 2), ['500', '905'])
  const versions = await read('userId,movieId,rating\n500.0,2.0,4\n501,2.1,3\n')
  assert.deepEqual(versions.rows[0]!.slice(0, 2), ['500.0', '2.0'])
})

test('keys of NDJSON have the names of others, in any case', async () => {
  const lines = [
    '{"UserId":"1","ItemId":"10","Rating":4,"ratedAt":"2020-01-02T03:04:05Z"}',
    '{"user_id":1,"movieid":10,"stars":"4","timestamp":null}',
  ]
  assert.deepEqual((await read(lines.join('\n'))).rows, [
    ['1', '10', 4, 1_577_934_245],
    ['1', '10', 4, 0],
  ])
})

test('the first 100 refusals are listed and all are counted', async () => {
  const { refused, refusals } = await read(`1\t2\t3\n${'1\t2\n'.repeat(150)}`)
  assert.deepEqual([refused, refusals.length, refusals.at(-1)?.line], [150, 100, 101])
})

test('an empty body is an error that says so', async () => {
  await assert.rejects(read(''), isError('no-good-line', /^The body is empty\.$/))
  await assert.rejects(read('\n \r\n'), isError('no-good-line', /only blank lines/))
})

test('a file with no good line is an error that names the lines', async () => {
  const onlyHeader = read('userId,movieId,rating\n')
  await assert.rejects(onlyHeader, isError('no-good-line', /a header and no line after it/))
  await assert.rejects(read('userId,movieId,rating\n1,2,x\n\n1\n'), (error) => {
    assert.ok(error instanceof MarqueeError)
    assert.deepEqual(error.problems, [
      { pointer: '/lines/2', detail: 'rating "x" is not a finite number' },
      { pointer: '/lines/4', detail: 'the line has 1 field, expected 3' },
    ])
    return isError('no-good-line', /^None of the 2 lines could be taken\.$/)(error)
  })
})

test('a file in no known format is an error that names what was expected', async () => {
  for (const content of [
    'hello\nworld\n',
    'movieId,title,genres\n1,A,B\n',
    '1,2,3,4\n',
    '[{"userId":1}]',
    Buffer.from([0xff, 0xfe, 0x31, 0x00, 0x0a, 0x00]),
    Buffer.from('%PDF-1.7\n%âãÏÓ\n', 'latin1'),
    'x'.repeat(200_000),
  ])
    await assert.rejects(
      read(content),
      isError('unrecognised-format', /^The first line .+, expected ratings\.csv.+ NDJSON/),
    )
})

test('an archive in an archive is refused with a sentence that says what to do', async () => {
  const zip = Buffer.from('PK\x03\x04\x14\x00rest', 'latin1')
  const gzip = Buffer.from([0x1f, 0x8b, 8, 0, ...new Array(100_000).fill(0)])
  for (const pieceBytes of [1, 65_536]) {
    await assert.rejects(
      read(zip, pieceBytes),
      isError('unrecognised-format', /zip archive in another/),
    )
    await assert.rejects(
      read(gzip, pieceBytes),
      isError('unrecognised-format', /gzip file in another/),
    )
  }
})

test('random bytes give a MarqueeError', async () => {
  for (let seed = 1; seed <= 300; seed++) {
    const bytes = Uint8Array.from(
      { length: 400 },
      (_, i) => (Math.imul(i + seed, 2_654_435_761) >>> 13) ^ (i * seed),
    )
    await assert.rejects(read(bytes), MarqueeError)
  }
})

test('ml-100k has 100,000 ratings of 943 users and 1,682 movies', needsMovielens, async () => {
  const { ratings, refused } = await readRatings(createReadStream(movielens('ml-100k/u.data')))
  assert.deepEqual(
    [ratings.rating.length, ratings.users.size, ratings.movies.size, refused],
    [100_000, 943, 1_682, 0],
  )
})

test('ml-latest-small of 2016 and of 2018 have all their ratings', needsMovielens, async () => {
  for (const [year, ...expected] of [
    [2016, 100_004, 671, 9_066, 0],
    [2018, 100_836, 610, 9_724, 0],
  ]) {
    const path = movielens(`ml-latest-small-${year}/ratings.csv`)
    const { ratings, refused } = await readRatings(createReadStream(path))
    const counts = [ratings.rating.length, ratings.users.size, ratings.movies.size, refused]
    assert.deepEqual(counts, expected)
    const text = (await readFile(path, 'latin1')).trimEnd().split(/\r?\n/).slice(1)
    text.forEach((line, row) => {
      const [user, movie, rating, timestamp] = line.split(',')
      assert.equal(ratings.users.idOf(ratings.userIndex[row]!), user)
      assert.equal(ratings.movies.idOf(ratings.movieIndex[row]!), movie)
      assert.equal(ratings.rating[row], Number(rating))
      assert.equal(ratings.timestamp[row], Number(timestamp))
    })
  }
})
