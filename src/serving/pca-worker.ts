import { parentPort, workerData } from 'node:worker_threads'
import { pca } from '../numeric/pca.ts'

/** What the thread is given. */
export type PcaTask = {
  readonly data: Float32Array
  readonly rows: number
  readonly columns: number
  readonly components: number
}

const { data, rows, columns, components } = workerData as PcaTask
parentPort?.postMessage(pca(data, rows, columns, components))
