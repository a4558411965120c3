import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { importArchive } from '../../src/storage/archive.ts'
import { loadMovies } from '../../src/storage/movies/load-movies.ts'
import { loadRatings } from '../../src/storage/ratings/load-ratings.ts'
import { loadUsers } from '../../src/storage/users/load-users.ts'
import { body, temporaryStore, zipOf } from './bodies.ts'

/** The files of an archive by what they are, each under the names that it may have. */
const files = [
  { names: ['ratings.csv'], content: 'userId,movieId,rating\n1,31,2.5\n2,31,4\n2,7,1\n' },
  { names: ['u.item', 'movies.dat'], content: '31::Dangerous Minds (1995)::Drama\n7::Élan::\n' },
  { names: ['users.csv'], content: 'userId,gender\n1,F\n2,M\n' },
]
const others = ['README.txt', 'links.csv', 'ratings.csv.bak', 'old-movies.csv', 'u.genre']

const anyEntries = fc
  .record({
    folder: fc.constantFrom('', 'ml/', 'ml-1m/data/', 'é 界/'),
    names: fc.tuple(...files.map(({ names }) => fc.mixedCase(fc.constantFrom(...names)))),
    others: fc.subarray(others),
  })
  .chain(({ folder, names, others }) => {
    const entries = [
      ...names.map((name, i) => [folder + name, files[i]!.content] as const),
      ...others.map((name) => [folder + name, 'not read'] as const),
      ...(folder === '' ? [] : [[folder, ''] as const]),
    ]
    return fc.shuffledSubarray(entries, { minLength: entries.length })
  })

test('an archive reads alike in any order of its entries, in any folder and case of names', async (t) => {
  await fc.assert(
    fc.asyncProperty(anyEntries, fc.integer({ min: 1, max: 500 }), async (entries, pieceBytes) => {
      const store = await temporaryStore(t)
      const zip = await zipOf(Object.fromEntries(entries))
      const { skipped } = await importArchive(store, body(zip, pieceBytes))
      const notRead = entries.filter(([, content]) => content === 'not read')
      assert.deepEqual(
        skipped,
        notRead.map(([name]) => name),
      )
      const { ratings } = await loadRatings(store)
      assert.deepEqual([...ratings.rating], [2.5, 4, 1])
      const { movies } = await loadMovies(store)
      assert.deepEqual(
        movies.map(({ movieId, title, year }) => [movieId, title, year]),
        [
          ['31', 'Dangerous Minds', 1995],
          ['7', 'Élan', null],
        ],
      )
      assert.deepEqual([...(await loadUsers(store)).users.keys()], ['1', '2'])
    }),
    { numRuns: 40 },
  )
})
