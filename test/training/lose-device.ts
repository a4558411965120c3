import { findAdapter } from '../../src/training/engines/webgpu/adapter.ts'
import type { Rates } from '../../src/training/learning-rate/schedule.ts'
import { searchLearningRate } from '../../src/training/learning-rate/search-learning-rate.ts'
import { trainModel } from '../../src/training/train.ts'
import { plantedRatings, plantedSpec } from './planted-ratings.ts'

/**
 * A program: trains, and destroys the GPU's device soon after the first epoch, or has it fail;
 * prints what came of it. The first adapter that is asked for says that it is no software, so that
 * "auto" takes it.
 */
const [engine, work] = process.argv.slice(2) as [string, string]
const missing = await findAdapter({ takesSoftware: true }).then(
  () => null,
  (error: Error) => error.message,
)
const devices: GPUDevice[] = []
const gpu = (globalThis as { navigator?: { gpu?: GPU } }).navigator?.gpu
const requestAdapter = gpu?.requestAdapter.bind(gpu)
if (gpu)
  gpu.requestAdapter = async (options) => {
    const adapter = (await requestAdapter!(options))!
    const isFirst = devices.length === 0
    const info = {
      ...{ device: adapter.info.device, vendor: 'a', architecture: 'b', description: 'c' },
      isFallbackAdapter: !isFirst,
    }
    const requestDevice = async (descriptor: GPUDeviceDescriptor) => {
      const device = await adapter.requestDevice(descriptor)
      devices.push(device)
      return device
    }
    return { info, limits: adapter.limits, features: adapter.features, requestDevice } as never
  }

const backend = engine === 'tensorflow' ? 'webgpu' : 'auto'
const ratings = plantedRatings({ users: 40, movies: 30 })
const spec = plantedSpec({ algorithm: 'dot-bias', engine, epochs: 60, batchSize: 16 })
const seen: (number | string)[] = []
const onSetback = (reason: string) => void seen.push(reason)
const lose = () => {
  if (work === 'fault') devices[0]!.createBuffer({ size: 2 ** 50, usage: GPUBufferUsage.STORAGE })
  else devices[0]!.destroy()
}

async function train(): Promise<object> {
  const { fit, measurement } = await trainModel({
    ratings,
    spec,
    backend,
    hooks: {
      onSetback,
      onEpoch: ({ epoch }) => {
        if (seen.push(epoch) === 1) setTimeout(lose, 5)
      },
    },
  })
  const { engine, setbacks = [] } = fit.run
  return { engine, mse: measurement!.errors.mse, setbacks }
}

async function search(): Promise<object> {
  const onPoint = ({ learningRate }: Pick<Rates, 'learningRate'>) => {
    if (seen.length === 0 && learningRate > 1e-6) lose()
  }
  return searchLearningRate({ ratings, spec, backend, hooks: { onSetback, onPoint } })
}

const outcome = missing
  ? { missing }
  : await (work === 'search' ? search() : train()).catch((error) => ({
      code: error.code,
      message: error.message,
    }))
process.stdout.write(JSON.stringify({ ...outcome, seen }))
