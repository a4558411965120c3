import { trainModel } from '../../src/training/train.ts'
import { plantedRatings, plantedSpec } from './planted-ratings.ts'

/** A program: trains tiny models on a backend, by an engine, and prints what came out, as JSON. */
const [backend, engine] = process.argv.slice(2) as ['auto' | 'webgpu' | 'wasm', string]
const ratings = plantedRatings({ users: 40, movies: 30 })
const results = []
for (const changes of [
  { algorithm: 'dot', optimizer: 'sgd', learningRate: 1, decay: 'l2' },
  { algorithm: 'dot-bias', optimizer: 'adam', learningRate: 0.1 },
  { algorithm: 'net', optimizer: 'adam', learningRate: 0.03, hiddenDropout: 0.2 },
]) {
  if (engine === 'webgpu' && changes.algorithm === 'net') continue
  const spec = plantedSpec({ ...changes, engine, epochs: 2, batchSize: 256 })
  const result = await trainModel({ ratings, spec, backend }).catch((error) => error)
  results.push(
    result instanceof Error
      ? { error: result.message }
      : {
          algorithm: spec.algorithm,
          engine: result.fit.run.engine,
          backend: result.fit.run.backend,
          device: result.fit.run.device,
          mse: result.measurement?.errors.mse,
        },
  )
}
process.stdout.write(JSON.stringify(results))
