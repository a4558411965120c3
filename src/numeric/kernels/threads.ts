import { Worker } from 'node:worker_threads'
import { watch } from '../parallel/watch.ts'
import type { Kernels } from './kernels.ts'

/** Kernels whose arguments are plain numbers. */
export type KernelName = Exclude<keyof Kernels, 'addNormals'>

/** The arguments of one call of a kernel. */
export type Call<Name extends KernelName> = Readonly<Parameters<Kernels[Name]>>

/**
 * Rounds of calls of one kernel: the calls of a round may run at once and in any order, so they
 * must not touch the same memory; a round begins after the one before has ended.
 */
export type Rounds<Name extends KernelName> = {
  readonly kernel: Name
  readonly rounds: readonly (readonly Call<Name>[])[]
}

/** Threads that run kernels over one memory. Whoever creates them terminates them. */
export type Threads = {
  /** Runs the rounds, one set at a time; the results stand in the order of the calls. */
  run<Name extends KernelName>(
    work: Rounds<Name>,
    onTick?: (share: number) => Promise<void>,
  ): Promise<Float64Array>
  terminate(): void
}

/**
 * Starts `count` threads. `run` rejects, and every thread ends, when one of them fails; it rejects
 * with what `onTick`, called every 40 ms, throws, after the threads have stopped.
 */
export function startThreads(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  count: number,
): Threads {
  let failure: Error | undefined
  let fail: (error: Error) => void = () => {}
  const workers = Array.from({ length: count }, () => {
    const worker = new Worker(new URL('./thread.mjs', import.meta.url), {
      workerData: { module, memory },
      // What the parent was started with, such as a loader of TypeScript, is of no use there.
      execArgv: [],
    })
    const end = (error: Error) => {
      failure ??= error
      for (const each of workers) void each.terminate()
      fail(failure)
    }
    worker.on('error', end)
    worker.on('exit', (code) => end(new Error(`A thread of the kernels ended with code ${code}.`)))
    worker.unref()
    return worker
  })

  return {
    async run({ kernel, rounds }, onTick) {
      if (failure) throw failure
      const calls = rounds.reduce((sum, round) => sum + round.length, 0)
      const control = new Int32Array(new SharedArrayBuffer(4 * (2 + rounds.length)))
      const results = new Float64Array(new SharedArrayBuffer(8 * calls))
      const finished = new Promise<void>((resolve, reject) => {
        fail = reject
        let running = workers.length
        for (const worker of workers) {
          worker.ref()
          worker.once('message', () => {
            worker.unref()
            if (--running === 0) resolve()
          })
          worker.postMessage({ kernel, rounds, control, results })
        }
      })
      try {
        await watch(finished, () => onTick?.(Atomics.load(control, 1) / calls))
      } catch (error) {
        Atomics.store(control, 0, 1)
        await finished
        throw error
      } finally {
        fail = () => {}
      }
      return results.slice()
    },
    terminate() {
      failure ??= new Error('The threads of the kernels were terminated.')
      for (const worker of workers) void worker.terminate()
    },
  }
}
