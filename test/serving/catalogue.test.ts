import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Movie } from '../../src/model/data/movie.ts'
import { openCatalogue } from '../../src/serving/catalogue/catalogue.ts'
import { catalogueTable } from '../../src/serving/catalogue/catalogue-table.ts'

const movie = (movieId: string, title: string, ...genres: string[]): Movie => {
  return { movieId, title, year: null, genres }
}
const createCatalogue = (movies: Movie[], version: string) =>
  openCatalogue(catalogueTable(movies, version))
const catalogue = createCatalogue(
  [
    movie('3', 'Zorro', 'Action'),
    movie('1', 'Le Fabuleux Destin d’Amélie Poulain', 'Comedy', 'Romance'),
    movie('2', 'Matrix, The', 'Action', 'Sci-Fi'),
    movie('4', 'Matrix, The', 'Documentary'),
  ],
  'v',
)
const ids = (query: Parameters<typeof catalogue.search>[0]) =>
  catalogue.search(query).items.map(({ movieId }) => movieId)

test('a movie is found by its id and nothing by another', () => {
  assert.equal(catalogue.find('3')?.title, 'Zorro')
  assert.equal(catalogue.find('33'), null)
})

test('a search minds neither case nor accents nor the order of words', () => {
  assert.deepEqual(ids({ title: 'AMELIE', n: 10 }), ['1'])
  assert.deepEqual(ids({ title: 'amélie', n: 10 }), ['1'])
  assert.deepEqual(ids({ title: 'the matr', n: 10 }), ['2', '4'])
})

test('every word must occur', () => {
  assert.deepEqual(ids({ title: 'matrix zorro', n: 10 }), [])
})

test('a movie of any of the genres is found, in any case', () => {
  assert.deepEqual(ids({ genres: ['romance', 'DOCUMENTARY'], n: 10 }), ['1', '4'])
  assert.deepEqual(ids({ genres: ['Western'], n: 10 }), [])
})

test('pages follow each other by title and id, without a gap and without a repeat', () => {
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = catalogue.search({ n: 1, cursor })
    seen.push(...page.items.map(({ movieId }) => movieId))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  assert.deepEqual(seen, ['1', '2', '4', '3'])
})

test('the last page has no cursor, even when it is full', () => {
  assert.equal(catalogue.search({ n: 4 }).nextCursor, null)
  assert.notEqual(catalogue.search({ n: 3 }).nextCursor, null)
})

test('a cursor goes on at its place in a catalogue that has changed', () => {
  const { nextCursor } = catalogue.search({ n: 2 })
  const changed = createCatalogue([movie('9', 'Amen'), movie('3', 'Zorro')], 'w')
  assert.deepEqual(changed.search({ n: 9, cursor: nextCursor! }).items[0]?.movieId, '3')
})

test('a cursor is short enough for an address, whatever the title', () => {
  const titles = ['界'.repeat(1_000), '\ud800'.repeat(900), '\ufdfa'.repeat(1_000)]
  const long = titles.flatMap((title, i) => [
    movie(`${i}a${'日'.repeat(126)}`, title),
    movie(`${i}b${'日'.repeat(126)}`, `${title}!`),
  ])
  const found = createCatalogue(long, 'v')
  const seen: string[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = found.search({ n: 1, cursor })
    seen.push(...page.items.map(({ movieId }) => movieId))
    cursor = page.nextCursor
    assert.ok((cursor ?? '').length <= 4_096, `${cursor?.length}`)
  }
  assert.deepEqual(seen.toSorted(), long.map(({ movieId }) => movieId).toSorted())
})

test('a text that is no cursor is an error that says so', () => {
  const forged = [Buffer.from('[1,2]').toString('base64url'), 'x', '', 'e30']
  for (const cursor of forged)
    assert.throws(() => catalogue.search({ n: 1, cursor }), {
      code: 'invalid-request',
      problems: [
        { pointer: '/query/cursor', detail: 'expected the nextCursor of the page before' },
      ],
    })
})

test('of more than a thousand genres those of the most movies can be asked for', () => {
  const movies = Array.from({ length: 1_200 }, (_, i) => ({
    movieId: `${i}`,
    title: 'A film',
    year: null,
    genres: [`rare ${i}`, ...(i < 10 ? ['Drama'] : [])],
  }))
  const { rowsOfGenre } = catalogueTable(movies, 'v')
  assert.equal(rowsOfGenre.size, 1_000)
  assert.ok(rowsOfGenre.has('drama'))
})
