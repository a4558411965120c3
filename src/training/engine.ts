import type { BayesSpec, SteppedSpec } from '../model/training-spec.ts'
import { hasKernels } from './simd/has-kernels.ts'
import type { Engine } from './trainer.ts'

/** On what TensorFlow.js computes; "auto" takes the first of cuda, webgpu, wasm that works here. */
export type BackendPreference = 'auto' | 'cuda' | 'webgpu' | 'wasm'

/**
 * The engine for a training; "auto" takes a GPU where there is one, else the kernels of engine
 * `simd` for what they have, and TensorFlow.js for the rest. Engines are loaded only now. A
 * `no-engine` error says why there is none.
 */
export async function chooseEngine(
  spec:
    | Pick<SteppedSpec, 'engine' | 'algorithm' | 'optimizer' | 'beta2' | 'epsilon'>
    | Pick<BayesSpec, 'algorithm'>,
  backend: BackendPreference,
): Promise<Engine> {
  if (spec.algorithm === 'bayes' || spec.optimizer === 'per-rating') return simd()
  switch (spec.engine) {
    case 'simd':
      return simd()
    case 'tensorflow':
      return tensorflow(backend)
    case 'auto': {
      if (backend === 'wasm' && hasKernels(spec)) return simd()
      const found = await tensorflow(backend)
      return found.backend === 'wasm' && hasKernels(spec) ? simd() : found
    }
  }
}

async function tensorflow(backend: BackendPreference): Promise<Engine> {
  const { createTensorflowEngine } = await import('./tensorflow/tensorflow-engine.ts')
  return createTensorflowEngine(backend)
}

async function simd(): Promise<Engine> {
  const { createSimdEngine } = await import('./simd/simd-engine.ts')
  return createSimdEngine()
}
