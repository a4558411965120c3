import * as tf from '@tensorflow/tfjs-core'

type Adapter = { readonly info: AdapterInfo }
type AdapterInfo = {
  readonly vendor: string
  readonly architecture: string
  readonly device: string
  readonly description: string
  readonly isFallbackAdapter: boolean
}
type Gpu = { requestAdapter(options: { powerPreference: string }): Promise<Adapter | null> }

/**
 * Starts WebGPU through Dawn, on any vendor's GPU. An adapter that is a CPU in disguise
 * (SwiftShader) is slower than WebAssembly and taken only when webgpu was asked for by name.
 */
export async function startWebgpu({ isExplicit }: { isExplicit: boolean }): Promise<string> {
  const gpu = await provideGpu()
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) throw new Error('no GPU adapter found')
  const { info } = adapter
  const name = info.description || info.device || 'unknown GPU'
  if (info.isFallbackAdapter && !isExplicit) throw new Error(`${name} is not a GPU`)
  await import('@tensorflow/tfjs-backend-webgpu')
  if (!(await tf.setBackend('webgpu'))) throw new Error('the GPU device cannot be opened')
  return `${info.isFallbackAdapter ? 'CPU' : 'GPU'}, ${name} (${info.vendor} ${info.architecture})`
}

/** Browsers have `navigator.gpu`; here the optional package `webgpu` fills it in, once. */
async function provideGpu(): Promise<Gpu> {
  const scope = globalThis as { navigator?: { gpu?: Gpu } }
  if (scope.navigator?.gpu) return scope.navigator.gpu
  if (process.platform === 'linux') requireVulkan()
  const { create, globals } = await import('webgpu')
  Object.assign(globalThis, globals)
  const gpu = create([]) as unknown as Gpu
  if (!scope.navigator)
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true })
  Object.defineProperty(scope.navigator, 'gpu', { value: gpu, configurable: true })
  return gpu
}

/** Without Vulkan's loader Dawn warns on stderr at length; this fails with one sentence first. */
function requireVulkan(): void {
  try {
    process.dlopen({ exports: {} }, 'libvulkan.so.1')
  } catch (error) {
    // Any other complaint is that the library, which was found, is no Node addon.
    if (String(error).includes('cannot open shared object'))
      throw new Error('Vulkan (libvulkan.so.1) is not installed')
  }
}
