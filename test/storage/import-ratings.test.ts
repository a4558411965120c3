import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { MarqueeError } from '../../src/errors.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { dataVersionOf, loadRatings } from '../../src/storage/ratings/load-ratings.ts'
import { abortedBody, body, temporaryFolder, temporaryStore } from './bodies.ts'

test('an import is reported and stored as one segment', async (t) => {
  const store = await temporaryStore(t)
  const report = await importRatings(store, body('userId,movieId,rating\n1,2,3\n1,x\n'))
  const { segment, ...rest } = report
  assert.deepEqual(rest, {
    format: 'ratings.csv',
    accepted: 1,
    refused: 1,
    refusals: [{ line: 3, reason: 'the line has 2 fields, expected 3' }],
    scale: { lowest: 3, highest: 3, declared: null, farOff: 0, farOffRatings: [] },
  })
  assert.deepEqual(await store.list(''), [`ratings/${segment}.segment`])
})

test('an import that fails midway, or has nothing to take, leaves nothing behind', async (t) => {
  const folder = await temporaryFolder(t)
  const store = createFileStore(folder)
  const rows = '1\t2\t3\t4\n'.repeat(20_000)
  await assert.rejects(importRatings(store, abortedBody(rows)), /^Error: aborted$/)
  await assert.rejects(importRatings(store, body('')), MarqueeError)
  await assert.rejects(importRatings(store, body('1\t2\tx\n')), MarqueeError)
  await assert.rejects(importRatings(store, body('garbage')), MarqueeError)
  assert.deepEqual(await readdir(folder), [])
  assert.equal(await dataVersionOf(store), 'empty')
})

test('imports at the same time are all stored', async (t) => {
  const folder = await temporaryFolder(t)
  const reports = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      importRatings(createFileStore(folder), body(`user${i}\tmovie\t3\n`)),
    ),
  )
  assert.equal(new Set(reports.map(({ segment }) => segment)).size, 20)
  const { ratings } = await loadRatings(createFileStore(folder))
  assert.deepEqual(
    ratings.users.ids.toSorted(),
    Array.from({ length: 20 }, (_, i) => `user${i}`).toSorted(),
  )
})

test('a later import comes after an earlier one, even when the clock was set back', async (t) => {
  const store = await temporaryStore(t)
  t.mock.timers.enable({ apis: ['Date'], now: 2_000_000_000_000 })
  const first = await importRatings(store, body('1\t2\t3\n'))
  t.mock.timers.setTime(1_000_000_000_000)
  const second = await importRatings(store, body('1\t2\t4\n'))
  const third = await importRatings(store, body('1\t2\t5\n'))
  const names = [first, second, third].map(({ segment }) => segment)
  assert.deepEqual(names.toSorted(), names)
  assert.deepEqual([...(await loadRatings(store)).ratings.rating], [5])
})
