import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { test } from 'node:test'
import { importMovies } from '../../src/storage/movies/import-movies.ts'
import { loadMovies, movieVersionOf } from '../../src/storage/movies/load-movies.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { abortedBody, body, temporaryStore } from './bodies.ts'
import { movielens, needsMovielens } from './movielens.ts'

const header = 'movieId,title,genres\n'

test('before an import there are no movies, of version "empty"', async (t) => {
  const store = await temporaryStore(t)
  assert.deepEqual(await loadMovies(store), { movies: [], version: 'empty', damaged: [] })
  assert.equal(await movieVersionOf(store), 'empty')
})

test('movies come back as they were imported, the later import of one wins', async (t) => {
  const store = await temporaryStore(t)
  await importMovies(store, body(`${header}1,Toy Story (1995),Comedy|Drama\n2,Babylon 5,\n`))
  const before = await movieVersionOf(store)
  const { segment, ...report } = await importMovies(
    store,
    body(`${header}1,Old (1990),\n3,Amélie 🎬 (2001),War\n1,Toy Story! (1996),\nx\n`),
  )
  assert.deepEqual(report, {
    format: 'movies.csv',
    accepted: 3,
    refused: 1,
    refusals: [{ line: 5, reason: 'the line has 1 fields, the header 3' }],
  })
  assert.ok((await store.list('')).includes(`movies/${segment}.segment`))
  const { movies, version } = await loadMovies(store)
  assert.deepEqual(movies, [
    { movieId: '1', title: 'Toy Story!', year: 1996, genres: [] },
    { movieId: '2', title: 'Babylon 5', year: null, genres: [] },
    { movieId: '3', title: 'Amélie 🎬', year: 2001, genres: ['War'] },
  ])
  assert.equal(version, await movieVersionOf(store))
  assert.notEqual(version, before)
})

test('an import that fails midway stores nothing', async (t) => {
  const store = await temporaryStore(t)
  await assert.rejects(importMovies(store, abortedBody(`${header}1,A,\n`)), /aborted/)
  assert.deepEqual(await store.list(''), [])
})

test('any flipped bit of a segment is noticed, and the other segments are there', async (t) => {
  const store = await temporaryStore(t)
  await importMovies(store, body(`${header}2,Jumanji (1995),\n`))
  const told = `movieId,title,genres,imdbId,tmdbId\n1,Toy Story (1995),War,114709,862\n`
  const { segment } = await importMovies(store, body(told))
  const key = `movies/${segment}.segment`
  const bytes = await store.get(key)
  assert.ok(bytes)
  for (let at = 0; at < bytes.length; at++) {
    const mutant = new Uint8Array(bytes)
    mutant[at]! ^= 1 << (at % 8)
    await store.put(key, [mutant])
    const { movies, damaged } = await loadMovies(store)
    assert.deepEqual(
      [movies.map(({ movieId }) => movieId), damaged.map((one) => one.key)],
      [['2'], [key]],
      `byte ${at}`,
    )
  }
})

test('a segment of ratings is not taken for one of movies', async (t) => {
  const store = await temporaryStore(t)
  const { segment } = await importRatings(store, body('1\t2\t3\n'))
  const bytes = await store.get(`ratings/${segment}.segment`)
  assert.ok(bytes)
  await store.put(`movies/${segment}.segment`, [bytes])
  const { movies, damaged } = await loadMovies(store)
  assert.deepEqual(movies, [])
  assert.match(damaged[0]!.reason, /Got format marquee-ratings, expected marquee-movies\./)
})

test('the catalogue of u.item comes back whole', needsMovielens, async (t) => {
  const store = await temporaryStore(t)
  await importMovies(store, createReadStream(movielens('ml-100k/u.item')))
  const { movies } = await loadMovies(store)
  assert.equal(movies.length, 1_682)
  assert.deepEqual(movies[1_632], {
    movieId: '1633',
    title: 'Á köldum klaka (Cold Fever)',
    year: 1994,
    genres: ['Comedy', 'Drama'],
  })
})
