import * as tf from '@tensorflow/tfjs-core'
import { type Objective, scatterSum, squaredErrorOf } from './objective.ts'

/**
 * The dot product of factors U [users, k] and V [movies, k], with biases where there are four
 * parameters, and its gradients, g being dL/dz:
 *
 *   z = u·v (+ b_u + b_m)      dL/du = g·v      dL/dv = g·u      dL/db = g
 */
export function dotObjective(range: readonly [number, number] | null): Objective {
  return (parameters, batch) => {
    const { users, movies } = batch
    const [userFactors, movieFactors, userBias, movieBias] = parameters as [
      tf.Tensor2D,
      tf.Tensor2D,
      tf.Tensor1D?,
      tf.Tensor1D?,
    ]
    const u = tf.gather(userFactors, users)
    const v = tf.gather(movieFactors, movies)
    let z = tf.sum<tf.Tensor1D>(tf.mul(u, v), 1)
    if (userBias && movieBias)
      z = tf.addN([z, tf.gather(userBias, users), tf.gather(movieBias, movies)])

    const { squaredError, slope } = squaredErrorOf(z, batch, range)
    const column = tf.expandDims(slope, 1)
    const gradients = [
      scatterSum(tf.mul(v, column), users, userFactors.shape[0]),
      scatterSum(tf.mul(u, column), movies, movieFactors.shape[0]),
    ]
    if (userBias && movieBias)
      gradients.push(
        scatterSum(slope, users, userBias.size),
        scatterSum(slope, movies, movieBias.size),
      )
    return { squaredError, gradients }
  }
}
