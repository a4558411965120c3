import { once } from 'node:events'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Pca } from '../numeric/pca.ts'
import type { PcaTask } from './pca-worker.ts'

/** Compiled code runs compiled code; sources run sources, under the loader that they inherit. */
const worker = new URL(`./pca-worker${extname(import.meta.url)}`, import.meta.url)

/**
 * Principal components in a thread of their own, since for tens of thousands of rows they take
 * seconds, in which requests must be answered. The thread takes `data` over; it is empty afterwards.
 */
export async function pcaInThread(task: PcaTask): Promise<Pca> {
  const thread = new Worker(worker, {
    workerData: task,
    transferList: [task.data.buffer as ArrayBuffer],
  })
  try {
    const [result] = await once(thread, 'message')
    return result as Pca
  } finally {
    await thread.terminate()
  }
}
