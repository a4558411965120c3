import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, type TestContext, test } from 'node:test'
import { MarqueeError } from '../../src/errors.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { importArchive } from '../../src/storage/archive.ts'
import { loadMovies } from '../../src/storage/movies/load-movies.ts'
import type { ObjectStore } from '../../src/storage/object-store.ts'
import { loadRatings } from '../../src/storage/ratings/load-ratings.ts'
import { loadUsers } from '../../src/storage/users/load-users.ts'
import { abortedBody, body, temporaryStore, zipOf } from './bodies.ts'
import { movielens, needsMovielens } from './movielens.ts'

const ratingsCsv = 'userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n2,31,4.0,1260759145\n'
const moviesCsv = 'movieId,title,genres\n31,Dangerous Minds (1995),Drama\n'
const usersCsv = 'userId,gender\n1,F\n2,M\n'
const small = {
  'ml/': '',
  'ml/README.txt': 'read me',
  'ml/ratings.csv': ratingsCsv,
  'ml/movies.csv': moviesCsv,
}

/** The same zip with one text in it written over by another as long. */
function patched(zip: Buffer, from: string, to: string): Buffer {
  assert.equal(from.length, to.length)
  return Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1')
}

/** The same zip after a change to the central directory's record of the named entry. */
function withRecord(zip: Buffer, name: string, change: (record: Buffer) => void): Buffer {
  const result = Buffer.from(zip)
  const at = result.lastIndexOf(name) - 46
  assert.equal(result.readUInt32LE(at), 0x02014b50)
  change(result.subarray(at))
  return result
}

// A place for temporary files that this file alone uses, so that what stays behind is seen.
const temporary = await mkdtemp(join(tmpdir(), 'marquee-test-'))
process.env['TMPDIR'] = temporary
after(() => rm(temporary, { recursive: true }))
afterEach(async () => {
  const left = (await readdir(temporary)).filter((name) => name.startsWith('marquee-spool-'))
  assert.deepEqual(left, [], 'the temporary file is removed')
})

async function assertRefused(
  t: TestContext,
  bytes: Buffer,
  code: string,
  message: RegExp,
  limits = {},
) {
  const store = await temporaryStore(t)
  await assert.rejects(importArchive(store, body(bytes), limits), (error) => {
    assert.ok(error instanceof MarqueeError, String(error))
    assert.equal(error.code, code, error.message)
    assert.match(error.message, message)
    return true
  })
  assert.deepEqual(await store.list(''), [])
}

test('ratings and movies of an archive are imported, other entries are named', async (t) => {
  const store = await temporaryStore(t)
  const report = await importArchive(store, body(await zipOf(small), 7))
  assert.deepEqual([report.ratings?.format, report.ratings?.accepted], ['ratings.csv', 2])
  assert.deepEqual([report.movies?.format, report.movies?.accepted], ['movies.csv', 1])
  assert.deepEqual(report.skipped, ['ml/README.txt'])
  assert.deepEqual([...(await loadRatings(store)).ratings.rating], [2.5, 4])
  assert.equal((await loadMovies(store)).movies[0]?.title, 'Dangerous Minds')
})

test('an archive may be zip64, hold only one of the two, and have no folder', async (t) => {
  const store = await temporaryStore(t)
  const onlyRatings = await zipOf({ 'u.data': '1\t2\t3\t4\n' }, { forceZip64Format: true })
  const first = await importArchive(store, body(onlyRatings))
  assert.deepEqual([first.ratings?.format, first.movies], ['u.data', null])
  const onlyMovies = await zipOf({ 'a/b/MOVIES.DAT': '1::A (1999)::Drama\n' })
  const second = await importArchive(store, body(onlyMovies))
  assert.deepEqual([second.movies?.format, second.ratings], ['movies.dat', null])
})

test('users of an archive are imported, too', async (t) => {
  const store = await temporaryStore(t)
  const zip = await zipOf({ ...small, 'ml/users.csv': usersCsv })
  const report = await importArchive(store, body(zip))
  assert.deepEqual([report.users?.format, report.users?.accepted], ['users.csv', 2])
  assert.deepEqual(report.skipped, ['ml/README.txt'])
  assert.deepEqual((await loadUsers(store)).users.get('2'), ['gender:M'])
  const onlyUsers = await importArchive(store, body(await zipOf({ 'u.user': '1|24|M|writer|1\n' })))
  assert.deepEqual([onlyUsers.users?.accepted, onlyUsers.ratings], [1, null])
})

test('files of an archive may be named as in the copies of others', async (t) => {
  const store = await temporaryStore(t)
  const names = {
    'rating.csv': 'userId,movieId,rating\n1,2,3\n1,3,9\n',
    'movie.csv': 'movieId,title\n2,A\n',
  }
  const report = await importArchive(store, body(await zipOf(names)), { scale: [1, 5] })
  assert.deepEqual([report.ratings?.accepted, report.movies?.accepted], [1, 1])
  assert.deepEqual((await loadRatings(store)).ratings.declaredScale, [1, 5])
})

test('content counts, not the name', async (t) => {
  const store = await temporaryStore(t)
  const zip = await zipOf({ 'ml/ratings.dat': ratingsCsv })
  assert.equal((await importArchive(store, body(zip))).ratings?.format, 'ratings.csv')
})

test('no more than 100 skipped entries are named', async (t) => {
  const store = await temporaryStore(t)
  const others = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`ml/${i}.txt`, '']))
  const report = await importArchive(store, body(await zipOf({ ...small, ...others })))
  assert.equal(report.skipped.length, 100)
})

test('when one part cannot be taken neither is stored, and the error says which it is', async (t) => {
  const bad = await zipOf({ ...small, 'ml/movies.csv': 'movieId,title\n,\n' })
  await assertRefused(t, bad, 'no-good-line', /^"ml\/movies\.csv" in the archive: None of the 1 /)
  const unknown = await zipOf({ ...small, 'ml/ratings.csv': 'hello' })
  await assertRefused(t, unknown, 'unrecognised-format', /^"ml\/ratings\.csv" in the archive: The /)
})

test('when the ratings cannot be stored the movies and users are taken back', async (t) => {
  const store = await temporaryStore(t)
  const failing = {
    ...store,
    putIfAbsent: async (key: string, parts: readonly Uint8Array[]) => {
      if (key.startsWith('ratings/')) throw new Error('disk full')
      return store.putIfAbsent(key, parts)
    },
  }
  const zip = await zipOf({ ...small, 'ml/users.csv': usersCsv })
  await assert.rejects(importArchive(failing, body(zip)), /disk full/)
  assert.deepEqual(await store.list(''), [])
})

test('an upload that breaks off stores nothing', async (t) => {
  const store = await temporaryStore(t)
  const zip = await zipOf(small)
  await assert.rejects(importArchive(store, abortedBody(zip)), /^Error: aborted$/)
  assert.deepEqual(await store.list(''), [])
})

test('what is not a zip is refused as such', async (t) => {
  await assertRefused(t, Buffer.from(ratingsCsv), 'unrecognised-format', /not a zip archive, exp/)
  await assertRefused(t, Buffer.from('P'), 'unrecognised-format', /not a zip archive, expected/)
  await assertRefused(t, Buffer.alloc(0), 'unrecognised-format', /^The body is empty, expected/)
})

test('a zip of something else is refused with the names that were expected', async (t) => {
  const zip = await zipOf({ 'photos/a.jpg': 'x', 'photos/old-ratings.csv': ratingsCsv })
  await assertRefused(t, zip, 'unrecognised-format', /holds none of ratings\.csv, u\.data/)
  await assertRefused(t, await zipOf({}), 'unrecognised-format', /holds none of/)
})

test('an upload that is too large is refused', async (t) => {
  const zip = await zipOf(small)
  const limits = { maxArchiveBytes: zip.length - 1 }
  await assertRefused(t, zip, 'too-large', /more than \d+ bytes/, limits)
})

test('an archive of too many entries is refused', async (t) => {
  const zip = await zipOf(small)
  await assertRefused(t, zip, 'unsafe-archive', /4 entries, at most 3/, { maxEntries: 3 })
})

test('two files for one thing are refused', async (t) => {
  const zip = await zipOf({ ...small, 'other/u.data': '1\t2\t3\n' })
  const message = /two files of ratings, "ml\/ratings\.csv" and "other\/u\.data"/
  await assertRefused(t, zip, 'unsafe-archive', message)
})

test('an entry that unpacks to far more than its size is refused', async (t) => {
  const bomb = await zipOf({ 'ratings.csv': `${ratingsCsv}${'\n'.repeat(8_000_000)}` })
  assert.ok(bomb.length < 40_000)
  await assertRefused(t, bomb, 'unsafe-archive', /unpacks to more than 100 times its size/)
})

test('reading may end in the middle of a large entry', async (t) => {
  const random = createRandom(5, 'noise')
  const noise = Buffer.from(Uint32Array.from({ length: 500_000 }, random.uint32).buffer)
  const zip = await zipOf({ 'ratings.csv': Buffer.concat([Buffer.from('hello\n'), noise]) })
  const store = await temporaryStore(t)
  const attempts = Array.from({ length: 30 }, () => importArchive(store, body(zip)))
  for (const result of await Promise.allSettled(attempts))
    assert.match(String(result.status === 'rejected' && result.reason), /The first line is "hello"/)
})

test('an archive that unpacks to too much is refused, whatever sizes it declares', async (t) => {
  const zip = await zipOf({ ...small, 'ml/ratings.csv': ratingsCsv + '1,2,3,4\n'.repeat(1_000) })
  const limits = { maxUncompressedBytes: 5_000 }
  await assertRefused(t, zip, 'unsafe-archive', /unpacks to more than 5000 bytes/, limits)
  for (const declared of [100, 0xfffffffe]) {
    const lying = withRecord(zip, 'ml/ratings.csv', (record) => record.writeUInt32LE(declared, 24))
    await assertRefused(t, lying, 'unsafe-archive', /^The archive cannot be taken\. It /, limits)
    await assertRefused(t, lying, 'unsafe-archive', /bytes in the stream/)
  }
})

test('the parts of an archive share one bound', async (t) => {
  const zip = await zipOf(small)
  const maxUncompressedBytes = ratingsCsv.length + moviesCsv.length - 1
  await assertRefused(t, zip, 'unsafe-archive', /unpacks to more than/, { maxUncompressedBytes })
  const store = await temporaryStore(t)
  const enough = { maxUncompressedBytes: maxUncompressedBytes + 1 }
  assert.equal((await importArchive(store, body(zip), enough)).movies?.accepted, 1)
})

test('an archive with an odd name is refused', async (t) => {
  const zip = await zipOf({ ...small, 'ml/__/__/x': 'x' })
  for (const name of [
    'ml/../../x',
    '/etc/passw',
    'ml\\..\\..\\x',
    'C:\\windows',
    'ml/\0\0\0\0\0/x',
  ]) {
    const odd = patched(zip, 'ml/__/__/x', name)
    await assertRefused(t, odd, 'unsafe-archive', /has an entry named ".+", expected a relative/)
  }
})

test('an archive with an encrypted entry is refused', async (t) => {
  const zip = await zipOf(small)
  for (const [flag, message] of [
    [0x01, /"ml\/ratings\.csv" is encrypted/],
    [0x40, /strong encryption/],
  ] as const) {
    const encrypted = withRecord(zip, 'ml/ratings.csv', (record) => {
      record.writeUInt16LE(record.readUInt16LE(8) | flag, 8)
    })
    await assertRefused(t, encrypted, 'unsafe-archive', message)
  }
})

test('an entry packed in a way that is not known is refused', async (t) => {
  const packed = withRecord(await zipOf(small), 'ml/ratings.csv', (record) =>
    record.writeUInt16LE(14, 10),
  )
  await assertRefused(t, packed, 'unsafe-archive', /unsupported compression method: 14/)
})

test('an entry whose checksum does not match is refused', async (t) => {
  const wrong = withRecord(await zipOf(small), 'ml/movies.csv', (record) =>
    record.writeUInt32LE(1, 16),
  )
  await assertRefused(t, wrong, 'unsafe-archive', /movies\.csv" is damaged: the checksum/)
})

test('a zip that was cut anywhere is refused', async (t) => {
  const zip = await zipOf(small)
  for (let length = 4; length < zip.length; length += 13)
    await assertRefused(t, zip.subarray(0, length), 'unsafe-archive', /cut short or damaged/)
})

test('a zip64 that claims an offset beyond every file is refused', async (t) => {
  const zip = await zipOf(small, { forceZip64Format: true })
  const locator = zip.indexOf(Buffer.from('PK\x06\x07', 'latin1'))
  const record = zip.indexOf(Buffer.from('PK\x06\x06', 'latin1'))
  for (const at of [locator + 8, record + 48])
    for (const [offset, message] of [
      [2n ** 64n - 1n, /an offset is beyond 2\^53/],
      [2n ** 53n + 1n, /an offset is beyond 2\^53/],
      [2n ** 53n - 2n, /unexpected EOF/],
      [2n ** 40n, /unexpected EOF/],
    ] as const) {
      const far = Buffer.from(zip)
      far.writeBigUInt64LE(offset, at)
      await assertRefused(t, far, 'unsafe-archive', message)
    }
  const many = Buffer.from(zip)
  many.writeBigUInt64LE(2n ** 64n - 1n, record + 32)
  await assertRefused(t, many, 'unsafe-archive', /entries, at most 1000 are taken/)
})

test('random damage gives a MarqueeError or the whole import', async (t) => {
  const store = await temporaryStore(t)
  const random = createRandom(3, 'archive')
  const zips = [await zipOf(small), await zipOf(small, { forceZip64Format: true })]
  for (let round = 0; round < 1_000; round++) {
    const mutant = Buffer.from(zips[round % 2]!)
    for (let change = random.below(3); change >= 0; change--)
      mutant[random.below(mutant.length)] = random.below(3) === 0 ? 0xff : random.below(256)
    try {
      const report = await importArchive(fake(store), body(mutant))
      assert.ok(report.ratings === null || report.ratings.accepted === 2)
    } catch (error) {
      assert.ok(error instanceof MarqueeError, String(error))
    }
  }
})

/** The store, but nothing is written: this test is about reading. */
function fake(store: ObjectStore) {
  return { ...store, putIfAbsent: async () => true }
}

test('MovieLens archives are imported as they are downloaded', needsMovielens, async (t) => {
  for (const [folder, ratingsFile, moviesFile, ratings, movies, users] of [
    ['ml-100k', 'u.data', 'u.item', 100_000, 1_682, 943],
    ['ml-latest-small-2018', 'ratings.csv', 'movies.csv', 100_836, 9_742, undefined],
  ] as const) {
    const store = await temporaryStore(t)
    const names = await readdir(movielens(folder))
    const files = await Promise.all(
      names.map(async (name) => [
        `${folder}/${name}`,
        await readFile(movielens(`${folder}/${name}`)),
      ]),
    )
    const zip = await zipOf({ [`${folder}/`]: '', ...Object.fromEntries(files) })
    const report = await importArchive(store, body(zip))
    assert.deepEqual(
      [report.ratings?.format, report.ratings?.accepted, report.ratings?.refused],
      [ratingsFile, ratings, 0],
    )
    assert.deepEqual(
      [report.movies?.format, report.movies?.accepted, report.movies?.refused],
      [moviesFile, movies, 0],
    )
    assert.equal(report.users?.accepted, users)
    // Of users in one, of links in the other.
    assert.equal(report.skipped.length, names.length - 3)
  }
})
