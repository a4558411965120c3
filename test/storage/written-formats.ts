import fc from 'fast-check'
import type { Refusal } from '../../src/storage/import-report.ts'
import { parseTitle } from '../../src/storage/movies/parse-title.ts'
import { readMovies } from '../../src/storage/movies/read-movies.ts'
import { readRatings } from '../../src/storage/ratings/read-ratings.ts'
import { readUsers } from '../../src/storage/users/read-users.ts'

/** A line and the record that stands on it. */
export type WrittenLine = { readonly text: string; readonly record: unknown }

/** A format of files: how records are written in it, and how they are read. */
export type WrittenFormat = {
  readonly format: string
  /** How the format writes letters that are not ASCII. */
  readonly encoding: 'utf8' | 'latin1'
  readonly header: fc.Arbitrary<string> | null
  /** A line that is to be taken. */
  readonly good: fc.Arbitrary<WrittenLine>
  /** A line that is to be refused. */
  readonly bad: fc.Arbitrary<string>
  read(body: AsyncIterable<Uint8Array>): Promise<{
    format: string
    accepted: number
    refused: number
    refusals: readonly Refusal[]
    records: unknown[]
  }>
  /** What is read of a file with these records. */
  readonly kept: (records: readonly unknown[]) => unknown[]
}

// À … ÿ are never UTF-8 when they are written as ISO-8859-1, so that a line shows its encoding.
const letters = [...'abcXYZ019 .-_', ...'ÀÉßéüÿ']
/** What a field of any format may hold beside letters and what other formats part fields with. */
const signs = [...',"\'{[']
/** Of two, three and four bytes, and two of which the second is a mark. */
const farLetters = ['Ω', '…', '界', '🎬', 'e\u0301']

const textOf = (units: readonly string[], maxLength = 12) =>
  fc.string({ unit: fc.constantFrom(...units), maxLength })
// A file of nothing but "1.0" and the like is one of floats.
const isId = (text: string) =>
  text.trim() !== '' && !text.trim().startsWith('{') && !/^\d+\.0$/.test(text.trim())
const plainText = textOf([...letters, ...signs])
const farText = textOf([...letters, ...signs, ...farLetters, '::', '|'])
const plainId = plainText.filter(isId)
const farId = farText.filter(isId)
const spaced = (text: fc.Arbitrary<string>) =>
  fc.tuple(fc.constantFrom('', ' '), text, fc.constantFrom('', '  ')).map((parts) => parts.join(''))

/** One field of RFC 4180: in quotes where it has to be, or where it happens to be. */
const quoted = (field: string, isQuoted: boolean) =>
  isQuoted || /[",\r]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
const csvLine = (fields: readonly string[]) =>
  fc
    .array(fc.boolean(), { minLength: fields.length, maxLength: fields.length })
    .map((flags) => fields.map((field, i) => quoted(field, flags[i]!)).join(','))
/** Letters, each in either case. */
const anyCase = (name: string) =>
  fc.mixedCase(fc.constant(name), { untoggleAll: (text) => text.toLowerCase() })

const stars = fc.oneof(
  fc.integer({ min: 0, max: 200 }).map((halves) => String(halves / 2)),
  // Any number; -1 may be the mark for none.
  fc
    .float({ noNaN: true, noDefaultInfinity: true })
    .filter((rating) => rating !== -1)
    .map(String),
)
const seconds = fc.oneof(
  // Of eight digits it may be a day.
  fc
    .integer({ min: 0, max: 1_750_000_000 })
    .filter((second) => String(second).length !== 8)
    .map(String),
  fc.constantFrom('0', '1750000000'),
)
const noStars = fc.constantFrom('', 'four', '1e39', '-Infinity', 'NaN', '0x1')

type RatingTexts = { userId: string; movieId: string; rating: string; timestamp: string }
const ratingTexts = (id: fc.Arbitrary<string>, rating = stars): fc.Arbitrary<RatingTexts> =>
  fc.record({ userId: spaced(id), movieId: spaced(id), rating, timestamp: seconds })
const ratingRecord = ({ userId, movieId, rating, timestamp }: RatingTexts) =>
  [userId.trim(), movieId.trim(), Math.fround(Number(rating)), Number(timestamp)] as const

async function readRatingRows(body: AsyncIterable<Uint8Array>) {
  const { ratings, scale: _, ...reading } = await readRatings(body)
  const records = Array.from(ratings.rating, (rating, row) => [
    ratings.users.idOf(ratings.userIndex[row]!),
    ratings.movies.idOf(ratings.movieIndex[row]!),
    rating,
    ratings.timestamp[row],
  ])
  return { ...reading, records }
}

const ratingsCsv = (() => {
  const columns = (row: RatingTexts, other: string) =>
    csvLine([other, row.rating, row.movieId, row.timestamp, row.userId])
  return {
    format: 'ratings.csv',
    encoding: 'utf8' as const,
    header: fc
      .tuple(...['other', 'rating', 'movieId', 'timestamp', 'userId'].map(anyCase))
      .chain(csvLine),
    // A field that is not read may hold a carriage return in quotes; it ends no line.
    good: fc
      .tuple(ratingTexts(farId), textOf([...letters, ...signs, ...farLetters, '\r']))
      .chain(([row, other]) =>
        columns(row, other).map((text) => ({ text, record: ratingRecord(row) })),
      ),
    bad: fc.oneof(
      ratingTexts(farId, noStars).chain((row) => columns(row, 'x')),
      ratingTexts(farId).chain((row) => columns({ ...row, userId: 'a\u0007' }, 'x')),
      ratingTexts(farId).chain((row) => columns({ ...row, movieId: ' ' }, 'x')),
      fc.constantFrom(
        '"',
        '"x,4,m,0,u',
        'x,4,m,0,"u',
        'x,4',
        'x,4,m,0,u\rx,4,m,0,u',
        'x,4,m,0,"u"\rx,4,m,0,"u"',
      ),
      fc.constant(`x,4,m,0,${'u'.repeat(70_000)}`),
    ),
    read: readRatingRows,
    kept: (records: readonly unknown[]) => [...records],
  }
})()

function ratingTable(format: string, separator: string): WrittenFormat {
  const line = (row: RatingTexts) =>
    [row.userId, row.movieId, row.rating, row.timestamp].join(separator)
  return {
    format,
    encoding: 'latin1',
    header: null,
    // Of nine digits a rating may be a time.
    good: ratingTexts(
      plainId,
      stars.filter((text) => !/^\d{9,10}$/.test(text)),
    ).map((row) => ({ text: line(row), record: ratingRecord(row) })),
    bad: fc.oneof(
      ratingTexts(plainId, noStars).map(line),
      ratingTexts(plainId).map((row) => line({ ...row, movieId: '' })),
      ratingTexts(plainId).map((row) => line({ ...row, timestamp: '-1' })),
      plainText.filter((text) => text.trim() !== ''),
    ),
    read: readRatingRows,
    kept: (records) => [...records],
  }
}

/** Ids that are whole numbers may be numbers in JSON. */
const jsonId = (id: string, isNumber: boolean) =>
  isNumber && Number.isSafeInteger(Number(id)) && String(Number(id)) === id ? Number(id) : id
const notObjects = fc.constantFrom('{', '[]', 'null', '"{}"', '{"userId":1,"movieId":2', '{}')

const ratingsJson: WrittenFormat = {
  format: 'ndjson',
  encoding: 'utf8',
  header: null,
  good: fc
    .tuple(ratingTexts(fc.oneof(farId, fc.nat().map(String))), fc.boolean(), farText, fc.boolean())
    .map(([row, isNumber, other, isSpaced]) => ({
      text: JSON.stringify(
        {
          timestamp: Number(row.timestamp),
          movieId: jsonId(row.movieId, isNumber),
          other,
          userId: row.userId,
          rating: Number(row.rating),
        },
        null,
        isSpaced ? ' ' : '',
      ).replaceAll('\n', ' '),
      record: ratingRecord(row),
    })),
  bad: notObjects,
  read: readRatingRows,
  kept: (records) => [...records],
}

const genres = ['Action', 'Drama', 'Film-Noir', 'Sci-Fi']
const movieRecord = (movieId: string, titleText: string, names: readonly string[]) => {
  const { title, year } = parseTitle(titleText)
  return { movieId: movieId.trim(), title, year, genres: names }
}
const withYear = (title: fc.Arbitrary<string>) =>
  fc
    .tuple(title, fc.constantFrom('', '(1995)', ' (2006-2008)', ' (1999)'))
    .map((parts) => parts.join(''))

async function readMovieList(body: AsyncIterable<Uint8Array>) {
  const { movies, ...reading } = await readMovies(body)
  return { ...reading, records: [...movies] }
}

const moviesCsv: WrittenFormat = {
  format: 'movies.csv',
  encoding: 'utf8',
  header: fc.tuple(...['title', 'movieId', 'genres'].map(anyCase)).chain(csvLine),
  good: fc
    .tuple(spaced(farId), withYear(farText), fc.subarray(genres))
    .chain(([movieId, title, names]) =>
      csvLine([title, movieId, names.join('|')]).map((text) => {
        return { text, record: movieRecord(movieId, title, names) }
      }),
    ),
  bad: fc.oneof(
    fc.constantFrom('title,1', 'a, title,1,Drama', '"title,1,Drama', 'title,,Drama'),
    fc.constantFrom('ti\u0007tle,1,Drama', '"title",1,Drama\r"title",2,Drama', 'a,1,b\ra,1,b'),
    fc.constant(`${'x'.repeat(1_001)},1,Drama`),
  ),
  read: readMovieList,
  kept: (records) => [...records],
}

const flagNames = ['unknown', 'Action', 'Adventure', 'Animation', "Children's", 'Comedy', 'Crime']
flagNames.push('Documentary', 'Drama', 'Fantasy', 'Film-Noir', 'Horror', 'Musical', 'Mystery')
flagNames.push('Romance', 'Sci-Fi', 'Thriller', 'War', 'Western')
const zeros = flagNames.map(() => '0')

const movieItems: WrittenFormat = {
  format: 'u.item',
  encoding: 'latin1',
  header: null,
  good: fc
    .tuple(spaced(plainId), withYear(plainText), fc.subarray(genres))
    .map(([movieId, title, names]) => ({
      text: [
        ...[movieId, title, '01-Jan-1995', '', 'http://us.imdb.com/M/title-exact?x'],
        ...flagNames.map((name) => (names.includes(name) ? '1' : '0')),
      ].join('|'),
      record: movieRecord(movieId, title, names),
    })),
  bad: fc.constantFrom(
    ['1', 'title', '', '', '', ...zeros.slice(1)].join('|'),
    ['1', 'title', '', '', '', ...zeros.slice(1), '2'].join('|'),
    ['', 'title', '', '', '', ...zeros].join('|'),
    ['1', 'ti\u0007tle', '', '', '', ...zeros].join('|'),
  ),
  read: readMovieList,
  kept: (records) => [...records],
}

const moviesDat: WrittenFormat = {
  format: 'movies.dat',
  encoding: 'latin1',
  header: null,
  // The title alone may have colons.
  good: fc
    .tuple(
      spaced(plainId),
      withYear(textOf([...letters, ...signs, ':', '::'])),
      fc.subarray(genres),
    )
    .map(([movieId, title, names]) => ({
      text: [movieId, title, names.join('|')].join('::'),
      record: movieRecord(movieId, title, names),
    })),
  bad: fc.constantFrom('title', '1::title', '::title::Drama', '1::ti\u0007tle::Drama', ':::'),
  read: readMovieList,
  kept: (records) => [...records],
}

const moviesJson: WrittenFormat = {
  format: 'ndjson',
  encoding: 'utf8',
  header: null,
  good: fc
    .tuple(
      spaced(fc.oneof(farId, fc.nat().map(String))),
      farText,
      fc.option(fc.integer({ min: 1_800, max: 2_199 })),
      fc.subarray(genres),
      fc.boolean(),
    )
    .map(([movieId, title, year, names, isNumber]) => ({
      text: JSON.stringify({ title, movieId: jsonId(movieId, isNumber), genres: names, year }),
      record: { movieId: movieId.trim(), title: title.trim(), year, genres: names },
    })),
  bad: fc.oneof(
    notObjects,
    fc.constantFrom('{"movieId":1}', '{"movieId":1,"title":"a","year":1}', '{"title":"a"}'),
  ),
  read: readMovieList,
  kept: (records) => [...records],
}

type UserRecord = readonly [userId: string, texts: readonly string[]]

async function readUserList(body: AsyncIterable<Uint8Array>) {
  const { users, ...reading } = await readUsers(body)
  return { ...reading, records: [...users] }
}
/** The last line about a user counts. */
const latestOfUsers = (records: readonly unknown[]) => [
  ...new Map(records as readonly UserRecord[]),
]
const userRecord = (userId: string, cells: Record<string, string>): UserRecord => {
  const texts = Object.entries(cells).flatMap(([group, cell]) =>
    cell
      .split('|')
      .map((value) => value.trim())
      .filter((value) => value !== '')
      .map((value) => `${group}:${value}`),
  )
  return [userId.trim(), [...new Set(texts)]]
}

const usersCsv: WrittenFormat = {
  format: 'users.csv',
  encoding: 'utf8',
  header: fc.tuple(...['userId', 'age', 'zip code', 'likes'].map(anyCase)).chain(csvLine),
  good: fc
    .tuple(spaced(farId), farText, farText, fc.array(farText, { maxLength: 3 }))
    .chain(([userId, age, zip, likes]) =>
      csvLine([userId, age, zip, likes.join('|')]).map((text) => {
        return { text, record: userRecord(userId, { age, likes: likes.join('|') }) }
      }),
    ),
  bad: fc.constantFrom(
    ...['1,2', '1,2,3,4,5', '1,2,3,"', ',2,3,4', '1,\u0007,3,4', '1,2,3,"4"\r2,2,3,"4"'],
    `1,2,3,${'x'.repeat(201)}`,
  ),
  read: readUserList,
  kept: latestOfUsers,
}

function userTable(format: string, separator: string, columns: readonly string[]): WrittenFormat {
  return {
    format,
    encoding: 'latin1',
    header: null,
    good: fc
      .record({
        userId: spaced(plainId),
        age: fc.nat({ max: 120 }).map(String),
        gender: fc.constantFrom('F', 'M', ''),
        occupation: plainText,
        zip: plainText,
      })
      .map(({ userId, zip, ...cells }) => {
        const row: Record<string, string> = { zip, ...cells }
        const inOrder = columns.filter((name) => name !== 'zip').map((name) => [name, row[name]!])
        return {
          text: [userId, ...columns.map((name) => row[name])].join(separator),
          record: userRecord(userId, Object.fromEntries(inOrder)),
        }
      }),
    bad: fc.constantFrom(
      '1',
      ['', 1, 1, 'x', 'y'].join(separator),
      ['1', 1, 1, 'x', 'y', ''].join(separator),
    ),
    read: readUserList,
    kept: latestOfUsers,
  }
}

/** Every format that is read. */
export const writtenFormats: readonly (readonly [what: string, format: WrittenFormat])[] = [
  ['ratings', ratingsCsv],
  ['ratings', ratingTable('u.data', '\t')],
  ['ratings', ratingTable('ratings.dat', '::')],
  ['ratings', ratingsJson],
  ['movies', moviesCsv],
  ['movies', movieItems],
  ['movies', moviesDat],
  ['movies', moviesJson],
  ['users', usersCsv],
  ['users', userTable('u.user', '|', ['age', 'gender', 'occupation', 'zip'])],
  ['users', userTable('users.dat', '::', ['gender', 'age', 'occupation', 'zip'])],
]
