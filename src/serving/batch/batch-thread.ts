import { parentPort, workerData } from 'node:worker_threads'
import { MarqueeError } from '../../errors.ts'
import type { ThreadAnswer, ThreadQuestion } from './batch-threads.ts'
import { openBatchWriter, type ThreadData } from './batch-writer.ts'

/** The program of a thread that answers for many, one span of them after the other. */
const writer = await openBatchWriter(workerData.data as ThreadData)

const answer = (told: ThreadAnswer, bytes?: Uint8Array<ArrayBuffer>) =>
  parentPort?.postMessage(told, bytes ? [bytes.buffer] : [])

parentPort?.on('message', async ({ id, items }: ThreadQuestion) => {
  try {
    if (items === 'new-users') return answer({ id, ids: writer.newUsers() })
    const written = await writer.write(items)
    answer({ id, ...written }, written.bytes)
  } catch (error) {
    const code = error instanceof MarqueeError ? error.code : null
    answer({ id, error: { code, message: error instanceof Error ? error.message : String(error) } })
  }
})
