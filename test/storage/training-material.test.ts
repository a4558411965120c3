import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importMovies } from '../../src/storage/movies/import-movies.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { loadTrainingMaterial, materialVersionOf } from '../../src/storage/training-material.ts'
import { importUsers } from '../../src/storage/users/import-users.ts'
import { body, temporaryStore } from './bodies.ts'

test('without ratings the version is "empty", whatever else was imported', async (t) => {
  const store = await temporaryStore(t)
  await importMovies(store, body('movieId,title\n1,A\n'))
  assert.equal(await materialVersionOf(store), 'empty')
  const { ratings, dataVersion } = await loadTrainingMaterial(store)
  assert.deepEqual([ratings.rating.length, dataVersion], [0, 'empty'])
})

test('each import, of ratings, movies or users, makes another version', async (t) => {
  const store = await temporaryStore(t)
  const versions = new Set<string>()
  for (const importOne of [
    () => importRatings(store, body('1\t1\t3\n2\t1\t4\n')),
    () => importMovies(store, body('movieId,title,genres\n1,A (1994),Drama\n')),
    () => importUsers(store, body('userId,gender\n1,F\n2,F\n')),
    () => importUsers(store, body('userId,gender\n1,F\n2,F\n')),
  ]) {
    await importOne()
    versions.add(await materialVersionOf(store))
  }
  assert.equal(versions.size, 4)
  const { attributes, dataVersion } = await loadTrainingMaterial(store)
  assert.equal(dataVersion, [...versions].at(-1))
  assert.deepEqual(Object.fromEntries(attributes.users), { 1: ['gender:F'], 2: ['gender:F'] })
  assert.deepEqual(Object.fromEntries(attributes.movies), { 1: ['genre:Drama', 'decade:1990s'] })
})
