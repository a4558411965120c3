import { MarqueeError } from '../../../errors.ts'
import type { Engine } from '../../trainer.ts'
import { guardDevice } from '../guard-device.ts'
import { createFusedTrainer } from './fused-trainer.ts'
import { openDevice } from './open-device.ts'

/**
 * This project's own kernels on a GPU, for `dot` and `dot-bias` by batches. An error says why there
 * is no device; a device that is lost in mid-training ends it with `device-lost`.
 */
export async function createWebgpuEngine(options: { takesSoftware: boolean }): Promise<Engine> {
  const open = await openDevice(options)
  return {
    name: 'webgpu',
    backend: 'webgpu',
    device: open.name,
    createTrainer(task) {
      const { spec } = task
      if (spec.algorithm === 'bayes' || spec.algorithm === 'net' || spec.optimizer === 'per-rating')
        throw new MarqueeError(
          'no-engine',
          'Engine "webgpu" has "dot" and "dot-bias" with optimizer "sgd" or "adam"; engine "simd" has the rest.',
        )
      return guardDevice(createFusedTrainer({ ...task, spec }, open), open.failure, open.name)
    },
  }
}
