import { createRequire } from 'node:module'
import * as tf from '@tensorflow/tfjs-core'

/**
 * Not a literal: the package is optional, and its types are not there where it is not installed.
 */
const packageName: string = '@tensorflow/tfjs-node-gpu'

/**
 * Starts libtensorflow on an NVIDIA GPU; the package is there, but without CUDA, counts as absent.
 */
export async function startCuda(): Promise<string> {
  requirePackage()
  await import(packageName).catch((cause) => {
    throw new Error(
      `the package ${packageName} is installed but cannot be loaded: ${firstLine(cause)}`,
      {
        cause,
      },
    )
  })
  if (!(await tf.setBackend('tensorflow')))
    throw new Error(`the package ${packageName} is installed but libtensorflow does not start`)
  const { isUsingGpuDevice } = tf.backend() as { isUsingGpuDevice?: boolean }
  if (!isUsingGpuDevice)
    throw new Error(
      `the package ${packageName} is installed but libtensorflow finds no CUDA device`,
    )
  return 'NVIDIA GPU (CUDA, libtensorflow)'
}

function requirePackage(): void {
  try {
    createRequire(import.meta.url).resolve(`${packageName}/package.json`)
  } catch (cause) {
    throw new Error(
      `the optional package ${packageName} is not installed; it needs CUDA 11.2 and cuDNN 8.1, and downloads libtensorflow while it is installed`,
      { cause },
    )
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n', 1)[0]!
}
