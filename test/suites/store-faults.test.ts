// Takes about 15 s: some hundred times a flow, what it leaves and a retry over stores of their own.
import assert from 'node:assert/strict'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { createFileStore } from '../../src/storage/file-store.ts'
import type { ObjectStore, Parts } from '../../src/storage/object-store.ts'
import { redisOfFile } from '../support/redis.ts'
import { startS3 } from '../support/s3.ts'
import { bucketKind } from '../support/store-faults/buckets.ts'
import type { FaultKind, StoreKind } from '../support/store-faults/faults.ts'
import { allFlows, type Flow } from '../support/store-faults/flows.ts'
import { folderKind, tamperWithFiles, withoutLinks } from '../support/store-faults/folders.ts'
import { runStoreFaults } from '../support/store-faults/run-store-faults.ts'

const { redis } = await redisOfFile()
const flows = allFlows(redis)
const flow = (...names: string[]) => flows.filter(({ name }) => names.includes(name))
const fewer = flow('publication', 'promotion', 'compaction')
const with_ = (kind: StoreKind, ...faults: FaultKind[]): StoreKind[] => [{ ...kind, faults }]

let untouched: () => void
before(() => {
  untouched = tamperWithFiles()
})
after(() => untouched())

for (const [kind, some, sample] of [
  [folderKind(), flows, 6],
  [folderKind('folder without hard links', withoutLinks), fewer, 3],
] as const)
  test(`whatever fails in a ${kind.name}, nothing is seen by half and a retry ends well`, async () => {
    const { tried, violations } = await runStoreFaults([kind], some, { seed: 1, sample })
    assert.deepEqual(violations, [])
    assert.equal(
      tried.reduce((sum, { cases }) => sum + cases, 0),
      some.length * sample,
    )
  })

test('whatever fails in a bucket, nothing is seen by half and a retry ends well', async (t) => {
  const kind = bucketKind(await startS3(t))
  const { violations } = await runStoreFaults([kind], fewer, { seed: 1, sample: 3 })
  assert.deepEqual(violations, [])
})

/** A store that writes where others read. */
function inPlace(root: string): ObjectStore {
  const put = async (key: string, parts: Parts, flags = 'w') => {
    await mkdir(dirname(join(root, key)), { recursive: true })
    const file = await open(join(root, key), flags)
    try {
      for await (const part of parts) await file.write(part)
    } finally {
      await file.close()
    }
  }
  const putIfAbsent = (key: string, parts: Parts) =>
    put(key, parts, 'wx').then(
      () => true,
      (error) => {
        if (error.code === 'EEXIST') return false
        throw error
      },
    )
  return { ...createFileStore(root), put, putIfAbsent }
}

test('a store that writes in place is found out', async () => {
  const kind = with_(folderKind('in place', inPlace), 'cut')
  const { violations } = await runStoreFaults(kind, flow('promotion'), { at: /^write/ })
  assert.match(violations[0]?.what ?? '', /damaged/)
})

test('a store that takes its own write for another’s is found out', async (t) => {
  const s3 = await startS3(t)
  s3.trouble.hidden = ['x-amz-meta-writer']
  const kind = with_(bucketKind(s3), 'unheard')
  const { violations } = await runStoreFaults(kind, flow('publication'), { at: /^PUT .*card/ })
  assert.match(violations[0]?.what ?? '', /v3 was refused: it is missing|damaged/)
})

test('a publication that takes the old model away too soon is found out', async () => {
  const [publication] = flow('publication') as [Flow]
  const hasty: Flow = {
    ...publication,
    async begin() {
      const { run } = await publication.begin()
      return {
        async run(store, attempt) {
          const old = 'models/v2/model.safetensors'
          const bytes = await store.get(old)
          await store.remove(old)
          await run(store, attempt)
          await store.put(old, [bytes!])
        },
      }
    },
  }
  const { violations } = await runStoreFaults(with_(folderKind(), 'gone'), [hasty], {
    at: /^rename models\/v3\/model/,
  })
  assert.match(violations[0]?.what ?? '', /v2/)
})
