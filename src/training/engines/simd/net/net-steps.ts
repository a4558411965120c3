import type { Kernels } from '../../../../numeric/kernels/kernels.ts'
import { type Call, startThreads, type Threads } from '../../../../numeric/kernels/threads.ts'
import type { Pulse } from '../../../pulse.ts'

/** Calls of the stages of a step, see `net/steps.ts` of the kernels. */
const callsBefore = 3
const callsAfter = 10

/**
 * The multiplications forward of a batch from which on threads share it: three waits for each other
 * take some tenths of a millisecond.
 */
const fewestForThreads = 2e6

type Steps = {
  readonly net: number
  readonly groups: number
  /** Multiplications forward of a batch. */
  readonly work: number
  readonly threads: number
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
}

/** How the steps `from` + 1 … `to` of a net are taken: here, or, of large batches, in threads. */
export function netSteps(kernels: Kernels, { net, groups, work, threads, module, memory }: Steps) {
  const count = work < fewestForThreads ? 1 : Math.min(threads, groups)
  if (count === 1)
    return {
      take: (from: number, to: number) => kernels.stepNetBatches(net, from, to),
      dispose() {},
    }
  let started: Threads | undefined
  return {
    async take(from: number, to: number, pulse: Pulse) {
      started ??= startThreads(module, memory, count)
      const rounds = Array.from({ length: to - from }, (_, i) =>
        roundsOf(net, from + i + 1, groups),
      )
      const squares = await started.run({ kernel: 'stepNet', rounds: rounds.flat() }, pulse.beat)
      return squares.reduce((sum, square) => sum + square, 0)
    },
    dispose: () => started?.terminate(),
  }
}

function roundsOf(net: number, step: number, groups: number): Call<'stepNet'>[][] {
  return [callsBefore, groups, callsAfter].map((calls, stage) =>
    Array.from({ length: calls }, (_, index) => [net, step, stage, index] as const),
  )
}
