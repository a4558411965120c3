import * as tf from '@tensorflow/tfjs-core'
import { findAdapter, reasonOf } from '../webgpu/adapter.ts'

/** Starts TensorFlow.js on WebGPU; a software adapter only when webgpu was asked for by name. */
export async function startWebgpu({ takesSoftware }: { takesSoftware: boolean }): Promise<string> {
  const { device } = await findAdapter({ takesSoftware })
  await import('@tensorflow/tfjs-backend-webgpu')
  if (!(await tf.setBackend('webgpu'))) throw new Error('the GPU device cannot be opened')
  return device
}

/** Resolves with the reason once the device that TensorFlow.js has opened is lost. */
export async function lostDevice(): Promise<string> {
  const { device } = tf.backend() as unknown as { device: GPUDevice }
  return reasonOf(await device.lost)
}
