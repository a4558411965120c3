import * as tf from '@tensorflow/tfjs-core'

/** Not a literal: the package is optional, and its types are not there where it is not installed. */
const packageName: string = '@tensorflow/tfjs-node-gpu'

/** Starts libtensorflow on an NVIDIA GPU; the package is there, but without CUDA, counts as absent. */
export async function startCuda(): Promise<string> {
  await import(packageName).catch((cause) => {
    throw new Error(`${packageName} cannot be loaded`, { cause })
  })
  if (!(await tf.setBackend('tensorflow'))) throw new Error('libtensorflow does not start')
  const { isUsingGpuDevice } = tf.backend() as { isUsingGpuDevice?: boolean }
  if (!isUsingGpuDevice) throw new Error('libtensorflow finds no CUDA device')
  return 'NVIDIA GPU (CUDA, libtensorflow)'
}
