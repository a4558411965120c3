import * as tf from '@tensorflow/tfjs-core'
import type { Ratings } from '../../../model/data/ratings.ts'
import type { NetSpec } from '../../../model/spec/training-spec.ts'
import type { Random } from '../../../numeric/random/random.ts'
import type { Batch } from './objective.ts'

/**
 * The rows `order[from … to)` as tensors, without masks; the last batch of an epoch may be short.
 */
export function batchOf(
  rows: Ratings,
  offsets: Float32Array | null,
  order: Uint32Array,
  from: number,
  to: number,
): Batch {
  const chosen = order.subarray(from, to)
  return {
    users: tf.tensor1d(
      Int32Array.from(chosen, (row) => rows.userIndex[row]!),
      'int32',
    ),
    movies: tf.tensor1d(
      Int32Array.from(chosen, (row) => rows.movieIndex[row]!),
      'int32',
    ),
    ratings: tf.tensor1d(Float32Array.from(chosen, (row) => rows.rating[row]!)),
    offsets: offsets && tf.tensor1d(Float32Array.from(chosen, (row) => offsets[row]!)),
    masks: [],
  }
}

/**
 * Inverted dropout for `net`: [rows, units] for the joined embeddings and each hidden layer, 0 with
 * the layer's share, else 1/(1 − share), so that nothing is rescaled when the model is served.
 */
export function dropoutMasks(spec: NetSpec, rows: number, random: Random): tf.Tensor2D[] {
  const mask = (units: number, share: number) => {
    const keep = 1 / (1 - share)
    const data = new Float32Array(rows * units).fill(1)
    if (share > 0)
      for (let i = 0; i < data.length; i++) data[i] = random.uniform() < share ? 0 : keep
    return tf.tensor2d(data, [rows, units])
  }
  return [
    mask(spec.userFactors + spec.movieFactors, spec.embeddingDropout),
    ...spec.hiddenLayers.map((units) => mask(units, spec.hiddenDropout)),
  ]
}
