import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import {
  type BatchManifest,
  type BatchPart,
  newPartFile,
  openBatches,
} from '../../src/storage/batches/batches.ts'
import { asLeft, eraseFromBatches, withoutErased } from '../../src/storage/batches/erase-lines.ts'
import type { ObjectStore } from '../../src/storage/object-store.ts'
import { openStore } from '../support/bench.ts'

const job = 'job-000000000000000000000001'
const users = ['ann', 'bob', 'cid', 'dee']
const lineOf = (userId: string) => `${JSON.stringify({ userId, items: [] })}\n`
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** A store with the parts of a job, two users in each, and the manifest that would publish them. */
async function made(t: TestContext, id = job) {
  const { store } = await openStore(t)
  return { store, ...(await make(openBatches(store), id)) }
}

async function make(batches: ReturnType<typeof openBatches>, id: string) {
  await batches.fixPlan(id, { model: 'first', live: [], parts: 2, items: 4, mostItems: 4 })
  const parts: BatchPart[] = []
  for (const part of [0, 1]) {
    const bytes = Buffer.from(
      users
        .slice(2 * part, 2 * part + 2)
        .map(lineOf)
        .join(''),
    )
    const file = newPartFile(part, 'ndjson')
    await batches.putPart(id, file, [bytes])
    const facts = { sizeBytes: bytes.length, sha256: hashOf(bytes), live: [] }
    parts.push({ part, file, users: 2, rows: 2, ...facts })
  }
  const manifest: BatchManifest = {
    ...{ id, createdAt: new Date().toISOString(), model: 'first', live: [] },
    spec: { kind: 'recommend-all', format: 'ndjson', asked: null },
    ...{ users: 4, rows: 4, sizeBytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) },
    ...{ parts, erased: 0 },
  }
  return { batches, manifest }
}

/** The users of a batch, whose manifest is held to its files. */
async function usersOf(batches: ReturnType<typeof openBatches>, id = job): Promise<string[]> {
  const { parts, ...all } = await batches.get(id)
  let text = ''
  for (const part of parts) {
    const bytes = (await batches.getPart(id, part))!
    assert.deepEqual([part.sizeBytes, part.sha256], [bytes.length, hashOf(bytes)])
    text += Buffer.from(bytes)
  }
  const lines = text.split('\n').slice(0, -1)
  assert.deepEqual([all.users, all.rows, all.sizeBytes], [lines.length, lines.length, text.length])
  return lines.map((line) => JSON.parse(line).userId)
}

/** Erases a user; gives the batches that were damaged. */
async function erase(store: ObjectStore, gone: string): Promise<string[]> {
  const damaged: string[] = []
  await eraseFromBatches(
    store,
    (id) => id === gone,
    (batch) => damaged.push(batch),
  )
  return damaged
}

test('what is erased twice stays erased, and no erasure takes the file of another', async (t) => {
  const { store, batches, manifest } = await made(t)
  await batches.publish(manifest)
  const [one, other] = [
    await withoutErased(batches, manifest, (id) => id === 'ann'),
    await withoutErased(batches, manifest, (id) => id === 'bob'),
  ]
  assert.notEqual(one.parts[0]!.file, other.parts[0]!.file)
  for (const gone of ['ann', 'bob', 'ann']) await erase(store, gone)
  assert.deepEqual(await usersOf(batches), ['cid', 'dee'])
  assert.equal((await batches.get(job)).erased, 2)
  assert.equal((await store.list(`batches/${job}/`)).length, 4)
})

test('a damaged batch goes, and holds up no erasure from the others', async (t) => {
  const { store, batches, manifest } = await made(t)
  await batches.publish(manifest)
  const [cut, unreadable] = ['job-000000000000000000000000', 'job-000000000000000000000002']
  const other = await make(batches, cut)
  await batches.publish(other.manifest)
  const { file } = other.manifest.parts[0]!
  await batches.putPart(cut, file, [Buffer.from(`${lineOf('ann')}{"userId":"bo`)])
  await store.put(`batches/${unreadable}/manifest.json`, [Buffer.from('{')])
  assert.deepEqual((await batches.list()).map(({ id }) => id).sort(), [cut, job])
  assert.deepEqual((await erase(store, 'bob')).sort(), [cut, unreadable])
  assert.deepEqual(await usersOf(batches), ['ann', 'cid', 'dee'])
  assert.deepEqual(await batches.jobs(), [job])
})

test('parts without a manifest lose their lines, too, and it tells of what is left', async (t) => {
  const { store, batches, manifest } = await made(t)
  // A part that was made twice, of which the job names one.
  await batches.putPart(job, newPartFile(0, 'ndjson'), [Buffer.from(lineOf('bob'))])
  for (const gone of ['ann', 'bob', 'dee']) await erase(store, gone)
  for (const file of await batches.files(job))
    assert.doesNotMatch(
      Buffer.from((await batches.getPart(job, { file }))!).toString(),
      /ann|bob|dee/,
    )
  const left = await asLeft(batches, manifest)
  await batches.publish(left)
  await batches.tidy(left)
  assert.deepEqual(await usersOf(batches), ['cid'])
  assert.equal(left.erased, 3)
  assert.equal((await store.list(`batches/${job}/`)).length, 4)
})

test('a batch is kept for so long from its manifest on, and one that is being made as long as that takes', async (t) => {
  const { store, batches, manifest } = await made(t)
  const [waiting, ended] = ['job-000000000000000000000002', 'job-000000000000000000000003']
  for (const id of [waiting, ended]) await batches.ask(id, ['ann'])
  const old = 'job-000000000000000000000004'
  const createdAt = new Date(Date.now() - 3_600_000).toISOString()
  await batches.publish({ ...(await make(batches, old)).manifest, createdAt })
  await batches.publish(manifest)
  await erase(store, 'ann')
  assert.equal(await batches.sweep(3_000_000, async () => true), 1)
  assert.deepEqual(await batches.jobs(), [job, waiting, ended])
  assert.equal(await batches.sweep(-1, async (id) => id === waiting), 2)
  assert.deepEqual(await batches.jobs(), [waiting])
})
