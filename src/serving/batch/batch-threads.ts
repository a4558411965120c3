import { Worker } from 'node:worker_threads'
import { type ErrorCode, MarqueeError } from '../../errors.ts'
import { programBeside } from '../../numeric/parallel/spans.ts'
import type { BatchItems } from './batch-lines.ts'
import { openBatchWriter, type ThreadData, type WrittenSpan } from './batch-writer.ts'

export type ThreadQuestion = { readonly id: number; readonly items: BatchItems | 'new-users' }
export type ThreadAnswer = { readonly id: number } & (
  | WrittenSpan
  | { readonly ids: string[] }
  | { readonly error: { readonly code: ErrorCode | null; readonly message: string } }
)

const span = 64

/** Threads over one model and all that the store has beside it. */
export type BatchThreads = {
  /** The lines of the items in their order; told how many are done. */
  write(items: BatchItems, onDone: (items: number) => void): Promise<WrittenSpan[]>
  /** Users that the model does not know, or not as they are since they were erased. */
  newUsers(): Promise<string[]>
  close(): Promise<void>
}

function errorOf({ code, message }: { code: ErrorCode | null; message: string }): Error {
  return code === null ? new Error(message) : new MarqueeError(code, message)
}

type Pending = { resolve(answer: ThreadAnswer): void; reject(error: Error): void }

/** The same without threads, for what takes less than to start one. */
export async function openInPlace(data: Omit<ThreadData, 'thread'>): Promise<BatchThreads> {
  const writer = await openBatchWriter({ ...data, thread: 0 })
  return {
    async write(items, onDone) {
      const written: WrittenSpan[] = []
      for (let from = 0; from < items.length; from += span) {
        const some = items.slice(from, from + span) as BatchItems
        written.push(await writer.write(some))
        onDone(some.length)
      }
      return written
    },
    newUsers: async () => writer.newUsers(),
    close: async () => {},
  }
}

export function openBatchThreads(data: Omit<ThreadData, 'thread'>, threads: number): BatchThreads {
  const pending = new Map<number, Pending>()
  let asked = 0
  let ended: Error | null = null
  const end = (error: Error) => {
    ended = error
    for (const { reject } of pending.values()) reject(error)
    pending.clear()
  }
  const workers = Array.from({ length: threads }, (_, thread) => {
    const program = programBeside(import.meta.url, 'batch-thread').href
    const worker = new Worker(new URL('../../numeric/parallel/thread.mjs', import.meta.url), {
      workerData: { program, data: { ...data, thread } satisfies ThreadData },
      // The thread's first lines load a loader of TypeScript themselves, where one is needed.
      execArgv: [],
    })
    worker.on('message', (answer: ThreadAnswer) => {
      const call = pending.get(answer.id)
      pending.delete(answer.id)
      if ('error' in answer) call?.reject(errorOf(answer.error))
      else call?.resolve(answer)
    })
    worker.on('error', end)
    worker.on('exit', () => end(ended ?? new Error('A thread of a batch has ended.')))
    return worker
  })
  const ask = (worker: Worker, items: ThreadQuestion['items']) =>
    new Promise<ThreadAnswer>((resolve, reject) => {
      if (ended) return reject(ended)
      const question: ThreadQuestion = { id: asked++, items }
      pending.set(question.id, { resolve, reject })
      worker.postMessage(question)
    })

  return {
    async write(items, onDone) {
      const written: WrittenSpan[] = []
      let next = 0
      const work = async (worker: Worker) => {
        while (next < items.length) {
          const from = next
          next += span
          const some = items.slice(from, next) as BatchItems
          const answer = await ask(worker, some)
          if ('bytes' in answer) written[from / span] = answer
          onDone(some.length)
        }
      }
      // Two at a time each, so that no thread waits for a question.
      await Promise.all([...workers, ...workers].map(work))
      return written
    },
    async newUsers() {
      const answer = await ask(workers[0]!, 'new-users')
      return 'ids' in answer ? answer.ids : []
    },
    async close() {
      ended ??= new Error('The threads of the batch were ended.')
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
