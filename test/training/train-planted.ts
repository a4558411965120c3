import { trainModel } from '../../src/training/train.ts'
import { plantedRatings, plantedSpec } from './planted-ratings.ts'

/** A program: trains tiny models on the backend of its argument and prints what came out, as JSON. */
const backend = process.argv[2] as 'auto' | 'webgpu' | 'wasm'
const ratings = plantedRatings({ users: 40, movies: 30 })
const results = []
for (const changes of [
  { algorithm: 'dot', optimizer: 'sgd', learningRate: 1, decay: 'l2' },
  { algorithm: 'dot-bias', optimizer: 'adam', learningRate: 0.1 },
  { algorithm: 'net', optimizer: 'adam', learningRate: 0.03, hiddenDropout: 0.2 },
]) {
  const spec = plantedSpec({ ...changes, epochs: 3, batchSize: 128 })
  const result = await trainModel({ ratings, spec, backend }).catch((error) => error)
  results.push(
    result instanceof Error
      ? { error: result.message }
      : {
          algorithm: spec.algorithm,
          backend: result.backend,
          device: result.device,
          mse: result.metrics?.mse,
        },
  )
}
process.stdout.write(JSON.stringify(results))
