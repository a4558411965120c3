import { parentPort, workerData } from 'node:worker_threads'
import type { ObjectStore, Parts } from '../object-store.ts'
import {
  FailedQuestion,
  type ImportAnswer,
  type ImportMessage,
  type ImportQuestion,
  type ImportWork,
  type PartAnswer,
  type PartWanted,
  type PutCall,
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

type Left = Iterator<Uint8Array> | AsyncIterator<Uint8Array>
type Put = { readonly parts: Parts; left?: Left }
/** What is being put, by the question that puts it. */
const puts = new Map<number, Put>()
const tellPart = async ({ partOf, isFirst }: PartWanted) => {
  try {
    const put = puts.get(partOf)!
    if (isFirst) put.left = iteratorOf(put.parts)
    const { done, value } = await put.left!.next()
    // Of a part no more is handed over than it shows, and what is put again is still needed here.
    const part = done ? null : new Uint8Array(value)
    port.postMessage({ partOf, part } satisfies PartAnswer, part ? [part.buffer] : [])
  } catch (error) {
    tell({ partOf, noPart: sentError(error) })
  }
}

port.on('message', (message: ImportAnswer | PartWanted) => {
  if ('partOf' in message) return void tellPart(message)
  const { id, value, failed } = message
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
const puttingOf = (call: PutCall) => async (key: string, parts: Parts) => {
  const id = questions
  puts.set(id, { parts })
  return ask({ call, args: [key] }).finally(() => puts.delete(id))
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

function iteratorOf(parts: Parts): Left {
  return Symbol.asyncIterator in parts ? parts[Symbol.asyncIterator]() : parts[Symbol.iterator]()
}
