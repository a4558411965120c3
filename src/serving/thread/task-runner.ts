import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type ErrorCode, MarqueeError } from '../../errors.ts'
import {
  type TaskAnswer,
  type TaskCall,
  type TaskError,
  type TaskName,
  type Tasks,
  tasks,
} from './tasks.ts'

/** Runs tasks that may be long without holding up the event loop. */
export type TaskRunner = {
  /**
   * Runs a task: at once where it takes about a millisecond, by the number of `operations` that its
   * caller estimates, and gives what it gives, or throws; else in a thread of the runner's own, one after
   * the other. Bytes among the input are handed over and must not be used after. Rejects with the task's
   * error, and with an `internal` one when the thread has died.
   */
  run<Name extends TaskName>(
    name: Name,
    operations: number,
    ...input: Parameters<Tasks[Name]>
  ): ReturnType<Tasks[Name]> | Promise<ReturnType<Tasks[Name]>>
  /** Ends the thread; what still runs is rejected. */
  close(): Promise<void>
}

/** So many multiplications take one or two milliseconds. */
const mostOperationsAtOnce = 2_000_000
const program = new URL(`./task-thread${extname(import.meta.url)}`, import.meta.url).href

type Pending = { resolve(output: unknown): void; reject(error: Error): void }

/** A runner that does every task at once, for what has a thread of its own. */
export const inPlace: TaskRunner = {
  run(name, _operations, ...input) {
    return (tasks[name] as (...input: unknown[]) => unknown)(...input) as never
  },
  async close() {},
}

export type TaskRunnerOptions = {
  /** An idle thread ends after so long: it keeps the memory of what it did last. */
  idleMs?: number
}

/**
 * A runner whose thread starts with the first long task and ends when it has had none for a while.
 */
export function createTaskRunner({ idleMs = 5_000 }: TaskRunnerOptions = {}): TaskRunner {
  let worker: Worker | null = null
  let idle: NodeJS.Timeout | undefined
  let calls = 0
  const pending = new Map<number, Pending>()

  const end = (error: Error) => {
    worker = null
    clearTimeout(idle)
    for (const { reject } of pending.values()) reject(error)
    pending.clear()
  }
  /** Forgotten before it ends: what was posted to it meanwhile would never be answered. */
  const endIdle = () => {
    const idler = worker
    worker = null
    void idler?.terminate()
  }
  const settle = (answer: TaskAnswer) => {
    const call = pending.get(answer.id)
    pending.delete(answer.id)
    if ('output' in answer) call?.resolve(answer.output)
    else call?.reject(errorOf(answer.error))
    if (pending.size > 0) return
    worker?.unref()
    idle = setTimeout(endIdle, idleMs).unref()
  }
  const start = () => {
    const started = new Worker(new URL('../../numeric/parallel/thread.mjs', import.meta.url), {
      workerData: { program },
      // The thread's first lines load a loader of TypeScript themselves, where one is needed.
      execArgv: [],
    })
    let fault = new MarqueeError('internal', 'The thread of a computation has ended.')
    started.on('message', settle)
    started.on('error', (cause) => {
      fault = new MarqueeError('internal', `The thread of a computation failed: ${cause.message}`, {
        cause,
      })
    })
    started.on('exit', () => {
      if (worker === started) end(fault)
    })
    return started
  }
  const post = (name: TaskName, input: unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      clearTimeout(idle)
      worker ??= start()
      worker.ref()
      const call: TaskCall = { id: calls++, name, input }
      worker.postMessage(call, ownBuffers(input))
      pending.set(call.id, { resolve, reject })
    })

  return {
    run(name, operations, ...input) {
      const task = tasks[name] as (...input: unknown[]) => unknown
      return (operations < mostOperationsAtOnce ? task(...input) : post(name, input)) as never
    },
    async close() {
      await worker?.terminate()
    },
  }
}

/**
 * The memory of all bytes in the input that is theirs alone; a part of a pool is copied instead.
 */
function ownBuffers(input: unknown): ArrayBuffer[] {
  if (input instanceof Uint8Array) {
    const { buffer, byteLength } = input
    return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : []
  }
  if (Array.isArray(input)) return input.flatMap(ownBuffers)
  const isPlain = typeof input === 'object' && input !== null && !ArrayBuffer.isView(input)
  return isPlain && 'bytes' in input ? ownBuffers(input.bytes) : []
}

function errorOf({ code, message, stack }: TaskError): Error {
  const error = code === null ? new Error(message) : new MarqueeError(code as ErrorCode, message)
  return Object.assign(error, stack !== undefined && { stack })
}
