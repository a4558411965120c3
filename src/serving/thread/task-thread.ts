import { parentPort } from 'node:worker_threads'
import { MarqueeError } from '../../errors.ts'
import { inSharedMemory } from '../../numeric/parallel/shared-memory.ts'
import { type TaskAnswer, type TaskCall, tasks } from './tasks.ts'

/** The program of a task runner's thread: does one task after the other, as they come. */
parentPort?.on('message', ({ id, name, input }: TaskCall) => {
  const task = tasks[name] as (...input: unknown[]) => unknown
  let answer: TaskAnswer
  try {
    answer = { id, output: inSharedMemory(task(...input)) }
  } catch (error) {
    const code = error instanceof MarqueeError ? error.code : null
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    answer = { id, error: { code, message, stack } }
  }
  parentPort?.postMessage(answer)
})
