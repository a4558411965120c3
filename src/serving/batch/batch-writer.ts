import type { BatchSpec } from '../../model/spec/batch-spec.ts'
import { createStore, type StoreSettings } from '../../storage/open-store.ts'
import { type BatchItems, createLineWriter } from './batch-lines.ts'
import { type BatchModel, openBatchModel } from './batch-model.ts'
import { batchSnapshot } from './batch-snapshot.ts'

/** What a thread works on. */
export type ThreadData = {
  readonly model: BatchModel
  readonly thread: number
  readonly store: StoreSettings
  readonly spec: BatchSpec
}

/** What some items came to. */
export type WrittenSpan = {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly rows: number
}

/** Answers in the thread that it is opened in. */
export type BatchWriter = {
  write(items: BatchItems): Promise<WrittenSpan>
  /** Users that the model does not know, or not as they are since they were erased. */
  newUsers(): string[]
}

/** Opens the model and what the store has beside it; `thread` numbers those that do. */
export async function openBatchWriter(data: ThreadData): Promise<BatchWriter> {
  const { model, thread, store, spec } = data
  const snapshot = await batchSnapshot(createStore(store), openBatchModel(model, thread))
  const write = createLineWriter(snapshot, spec)
  const encoder = new TextEncoder()
  return {
    async write(items) {
      const { text, rows } = await write(items)
      return { bytes: encoder.encode(text), rows }
    },
    newUsers: () => snapshot.live.newUsers(),
  }
}
