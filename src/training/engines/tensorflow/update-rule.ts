import * as tf from '@tensorflow/tfjs-core'
import type { Coefficients } from '../coefficients.ts'

/** A parameter p with its averages of the gradient, m, and of its square, v (v is Adam's alone). */
export type Slot = { readonly p: tf.Variable; readonly m: tf.Variable; readonly v?: tf.Variable }

/** Moves one parameter by its gradient. To be called inside `tf.tidy`. */
export type UpdateRule = (slot: Slot, gradient: tf.Tensor, coefficients: Coefficients) => void

/**
 * PyTorch's SGD with momentum μ, the decoupled decay first:
 *
 *   p ← keep·p      m ← μ·m + g + l2·p      p ← p − rate·m
 */
export const sgdRule: UpdateRule = ({ p, m }, gradient, { keep, l2, momentum, rate }) => {
  const kept = tf.mul(p, keep)
  m.assign(tf.add(tf.mul(m, momentum), decayed(gradient, kept, l2)))
  p.assign(tf.sub(kept, tf.mul(m, rate)))
}

/**
 * fast.ai's Adam (Kingma and Ba; AdamW's decay where it is decoupled), with g′ = g + l2·p:
 *
 *   p ← keep·p      m ← β1·m + (1 − β1)·g′      v ← β2·v + (1 − β2)·g′²
 *   p ← p − rate·m / (√(scale·v) + ε)
 */
export const adamRule: UpdateRule = (
  { p, m, v },
  gradient,
  { keep, l2, momentum, rate, beta2, scale, epsilon },
) => {
  const kept = tf.mul(p, keep)
  const g = decayed(gradient, kept, l2)
  m.assign(tf.add(tf.mul(m, momentum), tf.mul(g, 1 - momentum)))
  v!.assign(tf.add(tf.mul(v!, beta2), tf.mul(tf.square(g), 1 - beta2)))
  const size = tf.add(tf.sqrt(tf.mul(v!, scale)), epsilon)
  p.assign(tf.sub(kept, tf.mul(tf.div(m, size), rate)))
}

function decayed(gradient: tf.Tensor, p: tf.Tensor, l2: number): tf.Tensor {
  return l2 === 0 ? gradient : tf.add(gradient, tf.mul(p, l2))
}
