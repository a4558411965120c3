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
const ask = (
  question: { call: ImportQuestion['call']; args?: readonly unknown[] },
  given: readonly Uint8Array[] = [],
) =>
  new Promise<unknown>((resolve, reject) => {
    const id = questions++
    pending.set(id, { resolve, reject })
    const buffers = given.map(({ buffer }) => buffer as ArrayBuffer)
    port.postMessage({ id, ...question } as ImportQuestion, buffers)
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
/** Hands over what the parts show and no more: a view would bring all that is behind it. */
const puttingOf = (call: StoreCall) => (key: string, parts: readonly Uint8Array[]) => {
  const copies = parts.map((part) => Uint8Array.from(part))
  return ask({ call, args: [key, copies] }, copies)
}
const store = {
  ...{ get: of('get'), stat: of('stat'), list: of('list'), room: of('room') },
  ...{ put: puttingOf('put'), putIfAbsent: puttingOf('putIfAbsent') },
  ...{ putIfPresent: puttingOf('putIfPresent'), remove: of('remove') },
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
