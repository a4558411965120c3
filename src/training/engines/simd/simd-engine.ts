import { cpus } from 'node:os'
import { MarqueeError } from '../../../errors.ts'
import { compileKernels } from '../../../numeric/kernels/kernels.ts'
import { ownThreads } from '../../../numeric/parallel/own-threads.ts'
import type { Engine, Trainer, TrainerTask } from '../../trainer.ts'
import { createBayesTrainer } from './bayes/bayes-trainer.ts'
import { createNetTrainer } from './net/net-trainer.ts'
import { createPerBatchTrainer } from './per-batch-trainer.ts'
import { createPerRatingTrainer } from './per-rating-trainer.ts'

/**
 * This project's own kernels on the CPU, for all algorithms. The number of threads
 * changes the time that a training takes and nothing else. A `no-engine` error where WebAssembly
 * has no SIMD.
 */
export async function createSimdEngine(threads = ownThreads()): Promise<Engine> {
  const module = await compileKernels().catch((cause) => {
    if (cause instanceof Error && cause.name !== 'CompileError') throw cause
    throw new MarqueeError('no-engine', 'Engine "simd" needs WebAssembly with SIMD.', { cause })
  })
  return {
    name: 'simd',
    backend: 'wasm',
    device: `CPU ${cpus()[0]?.model.trim() ?? 'of unknown make'}`,
    createTrainer: (task) => createTrainer(task, module, threads),
  }
}

function createTrainer(task: TrainerTask, module: WebAssembly.Module, threads: number) {
  const { spec } = task
  if (spec.algorithm === 'bayes')
    return creating(() => createBayesTrainer({ ...task, spec }, module, threads))
  if (spec.algorithm === 'net')
    return creating(() => createNetTrainer({ ...task, spec }, module, threads))
  return creating(() =>
    spec.optimizer === 'per-rating'
      ? createPerRatingTrainer({ ...task, spec }, module, threads)
      : createPerBatchTrainer({ ...task, spec }, module),
  )
}

/** A RangeError says that there is not room enough. */
function creating(create: () => Trainer): Trainer {
  try {
    return create()
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new MarqueeError(
      'no-engine',
      `This training is too large for engine "simd": ${cause.message}. Try fewer factors.`,
      { cause },
    )
  }
}
