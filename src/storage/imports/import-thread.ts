import { parentPort, workerData } from 'node:worker_threads'
import type { ObjectStore } from '../object-store.ts'
import {
  FailedQuestion,
  type ImportAnswer,
  type ImportMessage,
  type ImportQuestion,
  type ImportWork,
  type StoreCall,
  sentError,
} from './import-messages.ts'
import { imports } from './imports.ts'

/** The program of a thread that reads one import; its store is that of whoever started it. */
const { kind, options, isTried } = workerData.work as ImportWork
const port = parentPort!
const tell = (message: ImportMessage) => port.postMessage(message)

const pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
let questions = 0
const ask = (question: { call: ImportQuestion['call']; args?: readonly unknown[] }) =>
  new Promise<unknown>((resolve, reject) => {
    const id = questions++
    pending.set(id, { resolve, reject })
    tell({ id, ...question } as ImportQuestion)
  })
port.on('message', ({ id, value, failed }: ImportAnswer) => {
  const { resolve, reject } = pending.get(id)!
  pending.delete(id)
  if (failed) reject(new FailedQuestion(id))
  else resolve(value)
})

/** The next bytes are asked for before those at hand are read. */
async function* body(): AsyncGenerator<Uint8Array> {
  let next = ask({ call: 'chunk' })
  for (;;) {
    const chunk = (await next) as Uint8Array | null
    if (chunk === null) return
    next = ask({ call: 'chunk' })
    // Of an import that ends before its body nobody waits for this any more.
    next.catch(() => {})
    yield chunk
  }
}

const of =
  (call: StoreCall) =>
  (...args: unknown[]) =>
    ask({ call, args })
const store = {
  ...{ get: of('get'), stat: of('stat'), list: of('list'), room: of('room') },
  ...{ put: of('put'), putIfAbsent: of('putIfAbsent'), putIfPresent: of('putIfPresent') },
  remove: of('remove'),
} as unknown as ObjectStore

const tryOut = (segment: Uint8Array) => ask({ call: 'tryOut', args: [segment] })
const run = imports[kind] as (...args: unknown[]) => Promise<unknown>
try {
  tell({ report: await run(store, body(), { ...options, ...(isTried && { tryOut }) }) })
} catch (error) {
  tell({ failed: sentError(error) })
} finally {
  port.close()
}
