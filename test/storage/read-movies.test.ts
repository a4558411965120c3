import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { test } from 'node:test'
import { MarqueeError } from '../../src/errors.ts'
import { readMovies } from '../../src/storage/movies/read-movies.ts'
import { body } from './bodies.ts'
import { movielens, needsMovielens } from './movielens.ts'

const read = (content: string | Uint8Array, pieceBytes?: number) =>
  readMovies(body(content, pieceBytes))

const toyStory = {
  movieId: '1',
  title: 'Toy Story',
  year: 1995,
  genres: ['Animation', 'Children', 'Comedy'],
}
const president = {
  movieId: '11',
  title: 'American President, The',
  year: 1995,
  genres: ['Comedy', 'Drama', 'Romance'],
}
const cafe = { movieId: '1322', title: 'Metisse (Café au Lait)', year: 1993, genres: [] }

/** The last 19 columns of u.item for the genres at these places of u.genre. */
const flags = (...places: number[]) =>
  Array.from({ length: 19 }, (_, i) => (places.includes(i) ? 1 : 0)).join('|')

const formats = {
  'movies.csv':
    'movieId,title,genres\n1,Toy Story (1995),Animation|Children|Comedy\n' +
    '11,"American President, The (1995)",Comedy|Drama|Romance\n' +
    '1322,Metisse (Café au Lait) (1993),(no genres listed)\n',
  'u.item':
    `1|Toy Story (1995)|01-Jan-1995||http://us.imdb.com/M/title-exact?Toy|${flags(3, 4, 5)}\n` +
    `11|American President, The (1995)|01-Jan-1995||http://x|${flags(5, 8, 14)}\n` +
    `1322|Metisse (Café au Lait) (1993)|||http://x|${flags(0)}\n`,
  'movies.dat':
    "1::Toy Story (1995)::Animation|Children's|Comedy\n" +
    '11::American President, The (1995)::Comedy|Drama|Romance\n' +
    '1322::Metisse (Café au Lait) (1993)::\n',
  ndjson:
    '{"movieId":1,"title":"Toy Story (1995)","genres":["Animation","Children","Comedy"]}\n' +
    '{"movieId":"11","title":"American President, The","year":1995,"genres":["Comedy|Drama","Romance"]}\n' +
    '{"movieId":"1322","title":"Metisse (Café au Lait) (1993)","year":1993}\n',
}

for (const [format, content] of Object.entries(formats)) {
  test(`${format} is recognised and read`, async () => {
    const movies = [toyStory, president, cafe]
    const expected = { format, accepted: 3, refused: 0, refusals: [], movies }
    assert.deepEqual(await read(content), expected)
    const crlf = `\uFEFF${content.trimEnd().replaceAll('\n', '\r\n')}`
    assert.deepEqual(await read(crlf), expected)
  })

  test(`${format} may be ISO-8859-1, in pieces of any size`, async () => {
    const bytes = Buffer.from(content, 'latin1')
    for (let size = 1; size <= bytes.length; size += 1)
      assert.deepEqual((await read(bytes, size)).movies, [toyStory, president, cafe])
  })
}

test('the flags of u.item stand for the genres of u.genre in its order', async () => {
  const all = `1|A||||${Array(19).fill('1').join('|')}\n`
  assert.deepEqual((await read(all)).movies[0]?.genres, [
    ...['Action', 'Adventure', 'Animation', 'Children', 'Comedy', 'Crime', 'Documentary', 'Drama'],
    ...['Fantasy', 'Film-Noir', 'Horror', 'Musical', 'Mystery', 'Romance', 'Sci-Fi', 'Thriller'],
    ...['War', 'Western'],
  ])
})

test('the columns of a CSV come in any order, with others between, or without genres', async () => {
  const content = 'title,x,genres,movieId\n"Say ""Hi"", (2001)",1,Drama|Drama,7\n'
  assert.deepEqual((await read(content)).movies, [
    { movieId: '7', title: 'Say "Hi",', year: 2001, genres: ['Drama'] },
  ])
  assert.deepEqual((await read('movieId,title\n7,A (2001)\n')).movies, [
    { movieId: '7', title: 'A', year: 2001, genres: [] },
  ])
})

test('a year that is given goes before one in the title', async () => {
  const { movies } = await read('{"movieId":1,"title":"Metropolis (1927)","year":2001}\n')
  assert.deepEqual(movies, [{ movieId: '1', title: 'Metropolis (1927)', year: 2001, genres: [] }])
})

test('columns have the names of others, between other separators, a year or a date among them', async () => {
  const files = [
    'movieId,otherId,title,year,genres\n17,0114709,Toy Story,1995,Animation\n',
    'item_id:token;movie_title:token_seq;release_year:token;class:token_seq\n17;Toy Story;1995.0;Animation\n',
    'tconst\tprimaryTitle\tstartYear\tgenres\n17\tToy Story\t1995\tAnimation\n',
    'id|name|release_date|genre\n17|Toy Story|1995-10-30|Animation\n',
    'id,title,released,genres\n17.0,Toy Story (1995),30-Oct-1995,Animation\n',
  ]
  for (const content of files)
    assert.deepEqual((await read(content)).movies, [
      { movieId: '17', title: 'Toy Story', year: 1995, genres: ['Animation'] },
    ])
  const years = 'movieId,title,year\n1,A (1999),\n2,B,0\n3,C,soon\n4,D,-750\n'
  const { movies, refusals } = await read(years)
  assert.deepEqual(
    movies.map(({ year }) => year),
    [1999, null],
  )
  assert.deepEqual(
    refusals.map(({ reason }) => reason),
    ['year "soon" is no year', 'year -750 is not a whole number from 1800 to 2199'],
  )
})

test('genres are parted by bars, or else by commas or semicolons, or stand in a list', async () => {
  for (const genres of [
    'Drama|Sci-Fi',
    '"Drama, Sci-Fi"',
    'Drama;Sci-Fi',
    "\"['Drama', 'Sci-Fi']\"",
    "\"[{'id': 18, 'name': 'Drama'}, {'id': 878, 'name': 'Sci-Fi'}]\"",
  ])
    assert.deepEqual((await read(`movieId,title,genres\n1,A,${genres}\n`)).movies[0]?.genres, [
      'Drama',
      'Sci-Fi',
    ])
})

test('a movie without a title is taken', async () => {
  assert.equal((await read('movieId,title,genres\n108548,,Comedy\n')).movies[0]?.title, '')
})

test('a title of movies.dat may have "::" in it', async () => {
  assert.equal(
    (await read('1::Mission :: Mars (2000)::Drama\n')).movies[0]?.title,
    'Mission :: Mars',
  )
})

test('a bad line is refused with its number and a reason', async () => {
  const csv = [
    'movieId,title,genres',
    '1,A,Drama',
    ',B,Drama',
    '2,Good, Bad and Ugly,Western',
    '3,C',
    '4,"D,Drama',
    `5,${'t'.repeat(1_001)},Drama`,
    '6,bell\u0007,Drama',
  ]
  const item = [`1|A||||${flags()}`, '2|B|||', `3|C||||${flags()}x`]
  const json = [
    '{"movieId":1,"title":"A"}',
    '{"movieId":1}',
    '{"movieId":{},"title":"A"}',
    '{"movieId":1,"title":"A","year":"1995"}',
    '{"movieId":1,"title":"A","year":1995.5}',
    '{"movieId":1,"title":"A","year":95}',
    '{"movieId":1,"title":"A","genres":"Drama"}',
    '{"movieId":1,"title":"A","genres":[1]}',
    '{"movieId":1,"title":"\\udc00"}',
  ]
  const dat = ['1::A::Drama', '2::B', '::C::Drama']
  const reasons = async (lines: string[]) =>
    (await read(lines.join('\n'))).refusals.map(({ line, reason }) => `${line}: ${reason}`)
  assert.deepEqual(await reasons(csv), [
    '3: movieId is empty',
    '4: the line has 4 fields, the header 3',
    '5: the line has 2 fields, the header 3',
    '6: the quotes do not close on this line',
    '7: title has 1001 characters, at most 1000 are taken',
    '8: "bell\\u0007" has a control character',
  ])
  assert.deepEqual(await reasons(item), [
    '2: the line has 5 fields, expected 24',
    '3: a genre flag is not 0 or 1',
  ])
  assert.deepEqual(await reasons(json), [
    '2: title is not a string',
    '3: movieId is not a string or a whole number',
    '4: year is not a number',
    '5: year 1995.5 is not a whole number from 1800 to 2199',
    '6: year 95 is not a whole number from 1800 to 2199',
    '7: genres is not a list of strings',
    '8: genres is not a list of strings',
    '9: "\\udc00" has a control character',
  ])
  assert.deepEqual(await reasons(dat), [
    '2: the line is not movieId::title::genres',
    '3: movieId is empty',
  ])
})

test('a movie has a hundred genres at most, and a file ten thousand', async () => {
  const named = (movie: number, count: number) =>
    Array.from({ length: count }, (_, i) => `${movie}-${i}`).join('|')
  const lines = Array.from({ length: 102 }, (_, i) => `${i + 1},A film,${named(i, 100)}`)
  const { movies, refusals } = await read(
    ['movieId,title,genres', `0,Poison,${named(0, 101)}`, `0,Long,${'x'.repeat(101)}`]
      .concat(lines, '200,A film,0-0|1-1')
      .join('\n'),
  )
  assert.equal(movies.length, 101)
  assert.equal(movies.at(-1)?.movieId, '200')
  assert.deepEqual(
    refusals.map(({ line, reason }) => [line, reason.replace(/"x+…?"/, '"x"')]),
    [
      [2, 'it has 101 genres, at most 100 are taken'],
      [3, 'genre "x" has 101 characters, at most 100 are taken'],
      [104, 'the movies before it have 10000 genres, at most 10000 are taken'],
      [105, 'the movies before it have 10000 genres, at most 10000 are taken'],
    ],
  )
})

test('a file of ratings is not taken for one of movies', async () => {
  for (const content of ['userId,movieId,rating\n1,2,3\n', '1\t2\t3\t4\n'])
    await assert.rejects(read(content), (error) => {
      assert.ok(error instanceof MarqueeError)
      assert.equal(error.code, 'unrecognised-format')
      assert.match(error.message, /expected movies\.csv .+ u\.item .+ movies\.dat .+ NDJSON/)
      return true
    })
})

test('u.item has its 1,682 movies, accents included', needsMovielens, async () => {
  const { movies, format, refused } = await readMovies(
    createReadStream(movielens('ml-100k/u.item')),
  )
  assert.deepEqual([movies.length, format, refused], [1_682, 'u.item', 0])
  assert.deepEqual(movies[542], {
    movieId: '543',
    title: 'Misérables, Les',
    year: 1995,
    genres: ['Drama', 'Musical'],
  })
  assert.deepEqual(
    movies.filter((movie) => movie.year === null).map((movie) => movie.title),
    ['unknown'],
  )
})

test('movies.csv of 2016 and of 2018 have all their movies', needsMovielens, async () => {
  for (const [year, count, withoutYear] of [
    [2016, 9_066, 5],
    [2018, 9_742, 12],
  ] as const) {
    const path = movielens(`ml-latest-small-${year}/movies.csv`)
    const { movies, refused } = await readMovies(createReadStream(path))
    assert.deepEqual([movies.length, refused], [count, 0])
    assert.equal(movies.filter((movie) => movie.year === null).length, withoutYear)
    assert.ok(movies.every(({ title }) => title === title.trim() && !/\(\d{4}\)$/.test(title)))
  }
})
