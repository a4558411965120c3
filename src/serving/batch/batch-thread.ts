import { parentPort, workerData } from 'node:worker_threads'
import { createStore } from '../../storage/open-store.ts'
import { createLineWriter } from './batch-lines.ts'
import { openBatchModel } from './batch-model.ts'
import { batchSnapshot } from './batch-snapshot.ts'
import type { ThreadAnswer, ThreadData, ThreadQuestion } from './batch-threads.ts'

/** The program of a thread that answers for many, one span of them after the other. */
const { model, thread, store, spec } = workerData.data as ThreadData
const snapshot = await batchSnapshot(createStore(store), openBatchModel(model, thread))
const write = createLineWriter(snapshot, spec)
const encoder = new TextEncoder()

const answer = (told: ThreadAnswer, bytes?: Uint8Array<ArrayBuffer>) =>
  parentPort?.postMessage(told, bytes ? [bytes.buffer] : [])

parentPort?.on('message', async ({ id, items }: ThreadQuestion) => {
  try {
    if (items === 'new-users') return answer({ id, ids: snapshot.live.newUsers() })
    const { text, users, rows } = await write(items)
    const bytes = encoder.encode(text)
    answer({ id, bytes, users, rows }, bytes)
  } catch (error) {
    answer({ id, error: error instanceof Error ? error.message : String(error) })
  }
})
