import type { Ratings } from '../../src/model/data/ratings.ts'
import { algorithms, trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { trainModel } from '../../src/training/train.ts'

export type Agreement = {
  readonly algorithm: string
  readonly engine: string
  readonly mse: number
  readonly cpuMse: number
}

/**
 * Held-out MSE of every algorithm on WebGPU, by each engine that has it, beside that of the CPU; each
 * as it is there.
 */
export async function* measureAgreement(
  ratings: Ratings,
  changes: object,
): AsyncGenerator<Agreement> {
  const mseOf = async (algorithm: string, engine: string, backend: 'webgpu' | 'wasm') => {
    const spec = trainingSpecSchema.parse({ algorithm, engine, seed: 1, ...changes })
    return (await trainModel({ ratings, spec, backend })).measurement!.errors.mse
  }
  for (const algorithm of algorithms) {
    // It has no batches and runs on engine `simd` alone.
    if (algorithm === 'bayes') continue
    const isDot = algorithm !== 'net'
    const cpuMse = await mseOf(algorithm, 'tensorflow', 'wasm')
    for (const engine of [...(isDot ? ['webgpu'] : []), 'tensorflow'])
      yield { algorithm, engine, mse: await mseOf(algorithm, engine, 'webgpu'), cpuMse }
  }
}
