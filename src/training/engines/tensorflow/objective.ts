import * as tf from '@tensorflow/tfjs-core'

/**
 * One step's rows: three vectors [rows], what is added to z where there is something, and a dropout mask for each dropped layer (`net` only).
 */
export type Batch = {
  readonly users: tf.Tensor1D
  readonly movies: tf.Tensor1D
  readonly ratings: tf.Tensor1D
  readonly offsets: tf.Tensor1D | null
  readonly masks: readonly tf.Tensor2D[]
}

/**
 * The sum of the squared errors, and d(mean squared error)/d(parameter) in the parameters' order.
 */
export type Gradients = { readonly squaredError: tf.Scalar; readonly gradients: tf.Tensor[] }

/** A model's forward and backward pass. To be called inside `tf.tidy`. */
export type Objective = (parameters: readonly tf.Tensor[], batch: Batch) => Gradients

/**
 * From the output and the offsets, which make z [rows], to the loss and back, e being r̂ − r and B
 * the rows:
 *
 *   r̂ = z                        dL/dz = 2e/B
 *   r̂ = lo + (hi − lo)·σ(z)      dL/dz = 2e/B · (hi − lo)·σ(z)·(1 − σ(z))
 */
export function squaredErrorOf(
  output: tf.Tensor1D,
  { ratings, offsets }: Pick<Batch, 'ratings' | 'offsets'>,
  range: readonly [number, number] | null,
): { squaredError: tf.Scalar; slope: tf.Tensor1D } {
  const z = offsets ? tf.add<tf.Tensor1D>(output, offsets) : output
  const perRow = 2 / ratings.size
  if (!range) {
    const error = tf.sub<tf.Tensor1D>(z, ratings)
    return { squaredError: tf.sum(tf.square(error)), slope: tf.mul(error, perRow) }
  }
  const [lowest, highest] = range
  const sigma = tf.sigmoid(z)
  const error = tf.sub(tf.add(tf.mul(sigma, highest - lowest), lowest), ratings)
  const steepness = tf.mul(tf.sub(sigma, tf.square(sigma)), perRow * (highest - lowest))
  return { squaredError: tf.sum(tf.square(error)), slope: tf.mul(error, steepness) }
}

/**
 * The gradient of `gather`: the rows of a batch [rows, …] summed into a table [size, …] by index.
 */
export function scatterSum(rows: tf.Tensor, index: tf.Tensor1D, size: number): tf.Tensor {
  return tf.unsortedSegmentSum(rows, index, size)
}
