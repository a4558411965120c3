import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { MarqueeError } from '../../errors.ts'
import type { ObjectStore } from '../object-store.ts'
import { askedParts } from './asked-parts.ts'
import {
  type ImportAnswer,
  type ImportMessage,
  type ImportQuestion,
  type ImportWork,
  type PutCall,
  receivedError,
} from './import-messages.ts'
import { type ImportKind, type ImportOptions, type ImportResult, imports } from './imports.ts'

/** What is read within some milliseconds, also where it is packed: to start a thread takes longer. */
const smallBytes = 16_384
const program = new URL(`./import-thread${extname(import.meta.url)}`, import.meta.url).href

type Body = AsyncIterable<Uint8Array>

/**
 * Imports a body as `imports[kind]` does, in a thread of its own unless it is small: reading and
 * packing hold up nobody, and all memory of it is given back at the end. The store, the trial and
 * the body stay here: the thread asks for what it needs of them. Rejects with the errors of the
 * import, and with an `internal` one where the thread has died.
 */
export async function importBeside<Kind extends ImportKind>(
  kind: Kind,
  store: ObjectStore,
  given: Body,
  options: ImportOptions<Kind>,
): Promise<ImportResult<Kind>> {
  const { isSmall, body } = await withStart(given)
  const run = imports[kind] as (...input: unknown[]) => Promise<ImportResult<Kind>>
  return isSmall ? run(store, body, options) : (inThread(kind, store, body, options) as never)
}

function inThread<Kind extends ImportKind>(
  kind: Kind,
  store: ObjectStore,
  body: Body,
  { tryOut, ...options }: ImportOptions<Kind> & { tryOut?: (bytes: Uint8Array) => Promise<void> },
): Promise<unknown> {
  const work: ImportWork = { kind, options, isTried: tryOut !== undefined }
  const thread = new Worker(new URL('../../numeric/parallel/thread.mjs', import.meta.url), {
    workerData: { program, work },
    execArgv: [],
  })
  const chunks = body[Symbol.asyncIterator]()
  const failures = new Map<number, unknown>()
  const asked = askedParts(thread)
  const answerTo = async (question: ImportQuestion): Promise<unknown> => {
    if (question.call === 'chunk') {
      const { done, value } = await chunks.next()
      return done ? null : value
    }
    if (question.call === 'tryOut') return tryOut?.(...question.args)
    if (isPut(question)) return store[question.call](...question.args, asked.partsOf(question.id))
    const call = store[question.call] as (...args: readonly unknown[]) => Promise<unknown>
    return call.apply(store, [...question.args])
  }
  const answer = async (question: ImportQuestion) => {
    const { id } = question
    try {
      thread.postMessage({ id, value: await answerTo(question) } satisfies ImportAnswer)
    } catch (error) {
      failures.set(id, error)
      thread.postMessage({ id, failed: true } satisfies ImportAnswer)
    }
  }
  return new Promise((resolve, reject) => {
    let outcome: (() => void) | undefined
    thread.on('message', (message: ImportMessage) => {
      if ('report' in message) outcome = () => resolve(message.report)
      else if ('failed' in message) outcome = () => reject(receivedError(message.failed, failures))
      else if ('partOf' in message) asked.settle(message)
      else void answer(message)
    })
    const ended = (cause?: Error) =>
      reject(
        new MarqueeError('internal', 'The thread of an import has ended before it.', { cause }),
      )
    thread.on('error', (cause) => {
      outcome ??= () => ended(cause)
    })
    thread.on('exit', () => {
      asked.end()
      // As where a loop over it ends early; bytes that are still waited for hold up no answer.
      void Promise.resolve(chunks.return?.()).catch(() => {})
      outcome ? outcome() : ended()
    })
  })
}

function isPut(question: ImportQuestion): question is ImportQuestion & { call: PutCall } {
  return question.call.startsWith('put')
}

/** The whole body, and whether it ended within its first `smallBytes`. */
async function withStart(body: Body): Promise<{ isSmall: boolean; body: Body }> {
  const chunks = body[Symbol.asyncIterator]()
  const start: Uint8Array[] = []
  let bytes = 0
  let isSmall = false
  while (!isSmall && bytes <= smallBytes) {
    const { done, value } = await chunks.next()
    if (done) isSmall = true
    else {
      start.push(value)
      bytes += value.length
    }
  }
  const whole: AsyncIterator<Uint8Array> = {
    async next() {
      const value = start.shift()
      if (value !== undefined) return { done: false, value }
      return isSmall ? { done: true, value } : chunks.next()
    },
    // Also where nothing has been read of it yet.
    async return() {
      await chunks.return?.()
      return { done: true, value: undefined }
    },
  }
  return { isSmall, body: { [Symbol.asyncIterator]: () => whole } }
}
