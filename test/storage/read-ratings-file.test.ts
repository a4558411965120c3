import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { readRatingsFile } from '../../src/storage/ratings/read-ratings-file.ts'
import { isError, temporaryFolder } from './bodies.ts'
import { movielens, needsMovielens } from './movielens.ts'

test('a file of any name is read, one rating for each user and movie', async (t) => {
  const path = join(await temporaryFolder(t), 'mine.txt')
  await writeFile(path, '1\t2\t3\t10\n1\t2\t4\t9\nbad\n')
  const { ratings, refused } = await readRatingsFile(path)
  assert.deepEqual([[...ratings.rating], refused], [[3], 1])
})

test('in a folder the MovieLens file is found', async (t) => {
  for (const name of ['ratings.csv', 'u.data', 'ratings.dat']) {
    const folder = await temporaryFolder(t)
    await writeFile(join(folder, name), '1::2::3\n')
    await writeFile(join(folder, 'users.dat'), 'x')
    assert.equal((await readRatingsFile(folder)).ratings.rating.length, 1)
  }
})

test('what cannot be read is an error that names the path', async (t) => {
  const folder = await temporaryFolder(t)
  await mkdir(join(folder, 'ratings.csv'))
  await writeFile(join(folder, 'bad.csv'), 'hello\n')
  for (const [path, code, message] of [
    [join(folder, 'none'), 'invalid-request', /none does not exist\.$/],
    [join(folder, 'bad.csv', 'x'), 'invalid-request', /bad\.csv\/x cannot be read \(ENOTDIR\)\.$/],
    [folder, 'invalid-request', /ratings\.csv cannot be read \(EISDIR\)\.$/],
    [join(folder, 'ratings.csv'), 'invalid-request', /holds none of ratings\.csv, u\.data/],
    [join(folder, 'bad.csv'), 'unrecognised-format', /bad\.csv: The first line is "hello"/],
  ] as const)
    await assert.rejects(readRatingsFile(path), isError(code, message))
})

test('the folders of MovieLens are read', needsMovielens, async () => {
  for (const [folder, rows, movies] of [
    ['ml-100k', 100_000, 1_682],
    ['ml-latest-small-2016', 100_004, 9_066],
    ['ml-latest-small-2018', 100_836, 9_724],
  ] as const) {
    const { ratings, refused } = await readRatingsFile(movielens(folder))
    assert.deepEqual([ratings.rating.length, ratings.movies.size, refused], [rows, movies, 0])
  }
})
