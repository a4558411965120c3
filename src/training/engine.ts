import { MarqueeError } from '../errors.ts'
import type { TrainingSpec } from '../model/training-spec.ts'
import type { Engine } from './trainer.ts'

/** On what TensorFlow.js computes; "auto" takes the first of cuda, webgpu, wasm that works here. */
export type BackendPreference = 'auto' | 'cuda' | 'webgpu' | 'wasm'

/**
 * The engine for a training; "auto" takes the fastest one here that has the algorithm. Engines are
 * loaded only now. A `no-engine` error says why there is none.
 */
export async function chooseEngine(
  spec: Pick<TrainingSpec, 'engine' | 'algorithm'>,
  backend: BackendPreference,
): Promise<Engine> {
  switch (spec.engine) {
    case 'auto':
    case 'tensorflow': {
      const { createTensorflowEngine } = await import('./tensorflow/tensorflow-engine.ts')
      return createTensorflowEngine(backend)
    }
    case 'simd': {
      const { createSimdEngine } = await import('./simd/simd-engine.ts')
      return createSimdEngine()
    }
    default:
      throw new MarqueeError('no-engine', `There is no engine "${spec.engine}".`)
  }
}
