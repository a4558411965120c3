import * as tf from '@tensorflow/tfjs-core'
import { type Objective, scatterSum, squaredErrorOf } from './objective.ts'

type Layer = { weight: tf.Tensor2D; bias: tf.Tensor1D }

/**
 * fast.ai's EmbeddingNet. Parameters: U [users, ku], V [movies, kv], then W_n [out, in] and b_n
 * [out] of each layer. Mask 0 drops of the joined embeddings, mask n of hidden layer n (⊙ is
 * elementwise):
 *
 *   x_0 = [u; v] ⊙ mask_0     h_n = x_(n−1)·W_nᵀ + b_n     x_n = relu(h_n) ⊙ mask_n     z = last h
 *
 * and back, with D_n = dL/dh_n: dL/dW_n = D_nᵀ·x_(n−1), dL/db_n = Σ_rows D_n,
 * D_(n−1) = (D_n·W_n) ⊙ mask_(n−1) ⊙ [h_(n−1) > 0].
 */
export function netObjective(range: readonly [number, number] | null): Objective {
  return (parameters, batch) => {
    const { users, movies, masks } = batch
    const [userFactors, movieFactors, ...rest] = parameters as [tf.Tensor2D, tf.Tensor2D]
    const layers = pairs(rest)
    const joined = tf.concat2d([tf.gather(userFactors, users), tf.gather(movieFactors, movies)], 1)

    const inputs: tf.Tensor2D[] = []
    const outputs: tf.Tensor2D[] = []
    layers.forEach(({ weight, bias }, n) => {
      const signal = n === 0 ? joined : tf.relu(outputs[n - 1]!)
      inputs.push(tf.mul(signal, masks[n]!))
      outputs.push(tf.add(tf.matMul(inputs[n]!, weight, false, true), bias))
    })

    const z = tf.squeeze<tf.Tensor1D>(outputs.at(-1)!, [1])
    const { squaredError, slope } = squaredErrorOf(z, batch, range)
    let delta: tf.Tensor2D = tf.expandDims(slope, 1)
    const layerGradients: tf.Tensor[] = []
    for (let n = layers.length - 1; n >= 0; n--) {
      layerGradients.unshift(tf.matMul(delta, inputs[n]!, true, false), tf.sum(delta, 0))
      delta = tf.mul(tf.matMul(delta, layers[n]!.weight), masks[n]!)
      if (n > 0) delta = tf.mul(delta, tf.step(outputs[n - 1]!))
    }
    const [uGradient, vGradient] = tf.split(delta, [userFactors.shape[1], movieFactors.shape[1]], 1)
    return {
      squaredError,
      gradients: [
        scatterSum(uGradient!, users, userFactors.shape[0]),
        scatterSum(vGradient!, movies, movieFactors.shape[0]),
        ...layerGradients,
      ],
    }
  }
}

function pairs(tensors: readonly tf.Tensor[]): Layer[] {
  return Array.from({ length: tensors.length / 2 }, (_, n) => ({
    weight: tensors[2 * n] as tf.Tensor2D,
    bias: tensors[2 * n + 1] as tf.Tensor1D,
  }))
}
