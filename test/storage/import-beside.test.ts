import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { MarqueeError } from '../../src/errors.ts'
import { importBeside } from '../../src/storage/imports/import-beside.ts'
import { importMovies } from '../../src/storage/movies/import-movies.ts'
import type { ObjectStore, Parts } from '../../src/storage/object-store.ts'
import { parseColumns } from '../../src/storage/ratings/columns/given-columns.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { loadRatings } from '../../src/storage/ratings/load-ratings.ts'
import { asStoreFault, isStoreFault } from '../../src/storage/store-fault.ts'
import { temporaryStore } from './bodies.ts'

const rows = Array.from({ length: 5_000 }, (_, i) => `u${i % 70},é${i % 300},${1 + (i % 5)},${i}`)
const csv = `userId,movieId,rating,timestamp\n${rows.join('\n')}\nbad line\n`
const movies = Array.from({ length: 2_000 }, (_, i) => `${i},"Film ${i} (1999)",Drama`)
const moviesCsv = `movieId,title,genres\n${movies.join('\n')}\n`

/** A body in pieces of some bytes; `onEnd` is told when nobody reads on. */
async function* inPieces(bytes: Uint8Array, size = 10_000, onEnd = () => {}) {
  try {
    for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size))
  } finally {
    onEnd()
  }
}

test('an import in a thread tells and stores what one in place does', async (t) => {
  const [here, there] = [await temporaryStore(t), await temporaryStore(t)]
  const options = { scale: [1, 5] as const, columns: parseColumns('user:userId,rating:rating') }
  for (const bytes of [Buffer.from(csv), gzipSync(csv, { level: 0 })]) {
    const { segment: _, ...told } = await importRatings(here, inPieces(bytes), { ...options })
    const { segment, ...same } = await importBeside('ratings', there, inPieces(bytes), options)
    assert.deepEqual(same, told)
    assert.match(segment, /^\d{13}-/)
  }
  const [{ ratings }, expected] = [await loadRatings(there), await loadRatings(here)]
  assert.equal(ratings.rating.length, 2_100)
  assert.deepEqual(ratings, expected.ratings)
})

test('a name that is taken, found out after some bytes, costs none of them', async (t) => {
  const [store, other] = [await temporaryStore(t), await temporaryStore(t)]
  const taken: number[] = []
  const putIfAbsent = async (key: string, parts: Parts) => {
    let bytes = 0
    for await (const part of parts) {
      bytes += part.length
      if (bytes > 20_000) break
    }
    taken.push(bytes)
    // The second time it is put after all, from its first part.
    return taken.length === 2 && store.putIfAbsent(key, parts)
  }
  const body = () => inPieces(Buffer.from(csv))
  await importBeside('ratings', { ...store, putIfAbsent }, body(), {})
  await importRatings(other, body())
  assert.ok(taken.length === 2 && taken[0]! > 20_000 && taken[0] === taken[1])
  const [bytes, expected] = await Promise.all([store, other].map(segmentIn))
  assert.deepEqual(bytes, expected)
})

/** The one segment of ratings of a store. */
async function segmentIn(store: ObjectStore) {
  const [key, ...others] = await store.list('ratings/')
  assert.deepEqual(others, [])
  return Buffer.from((await store.get(key!))!)
}

test('what cannot be taken is refused in the same words, and nobody sends on', async (t) => {
  const store = await temporaryStore(t)
  const bad = Buffer.from(`no,such,header\n${'x,y,z\n'.repeat(10_000)}`)
  const known = await importRatings(store, inPieces(bad)).catch((error: unknown) => error)
  assert.ok(known instanceof MarqueeError)
  let ended = 0
  const given = inPieces(bad, 1_000, () => {
    ended += 1
  })
  await assert.rejects(importBeside('ratings', store, given, {}), ({ code, message }) => {
    assert.deepEqual([code, message], [known.code, known.message])
    return true
  })
  assert.equal(ended, 1)

  // Also where nothing has been read of the body yet.
  const broken = new Error('the store is gone')
  const list = async () => {
    throw broken
  }
  const unread = inPieces(bad, 1_000, () => {
    ended += 1
  })
  await assert.rejects(
    importBeside('ratings', { ...store, list }, unread, {}),
    (error) => error === broken,
  )
  assert.equal(ended, 2)
  assert.deepEqual(await store.list('ratings/'), [])
})

test('an error of the body, of the store or of the trial is the one that is thrown', async (t) => {
  const store = await temporaryStore(t)
  const gone = new Error('the client is gone')
  const broken = async function* () {
    yield* inPieces(Buffer.from(csv).subarray(0, 60_000))
    throw gone
  }
  await assert.rejects(importBeside('ratings', store, broken(), {}), (error) => error === gone)

  const full = Object.assign(new Error('x'), { code: 'ENOSPC', syscall: 'write' })
  const putIfAbsent = async () => {
    throw asStoreFault(full, true)
  }
  const body = () => inPieces(Buffer.from(csv))
  await assert.rejects(
    importBeside('ratings', { ...store, putIfAbsent }, body(), {}),
    (error) => isStoreFault(error) && (error as MarqueeError).code === 'out-of-space',
  )

  const refused = new MarqueeError('import-refused', 'No.')
  const tryOut = async (segment: Uint8Array) => {
    assert.ok(segment.length > 20_000)
    throw refused
  }
  const films = () => inPieces(Buffer.from(moviesCsv))
  await assert.rejects(
    importBeside('movies', store, films(), { tryOut }),
    (error) => error === refused,
  )
  assert.deepEqual([...(await store.list('ratings/')), ...(await store.list('movies/'))], [])
  const { segment: _, ...told } = await importMovies(store, films())
  const { segment, ...same } = await importBeside('movies', store, films(), {
    tryOut: async () => {},
  })
  assert.deepEqual(same, told)
  assert.notEqual(segment, '')
})
