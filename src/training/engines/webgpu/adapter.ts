/// <reference types="@webgpu/types" />

/** A GPU, or a CPU that poses as one (SwiftShader), with its make and driver in words. */
export type FoundAdapter = {
  readonly adapter: GPUAdapter
  readonly device: string
  readonly isSoftware: boolean
}

/**
 * The adapter that WebGPU prefers, through Dawn on any vendor's GPU. A CPU in disguise is slower
 * than WebAssembly and given only to those who take software. An error says why there is none.
 */
export async function findAdapter({
  takesSoftware,
}: {
  takesSoftware: boolean
}): Promise<FoundAdapter> {
  const gpu = await provideGpu()
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter)
    throw new Error(
      `no Vulkan driver gave an adapter; install the GPU's driver with Vulkan, or for a check of the code alone a software one (SwiftShader)`,
    )
  const { device, vendor, architecture, description, isFallbackAdapter } = adapter.info
  const name = `${device || 'unknown GPU'} (${vendor} ${architecture}, ${description})`
  if (isFallbackAdapter && !takesSoftware)
    throw new Error(`${name} is software and not a GPU; it is taken only when asked for by name`)
  return {
    adapter,
    device: `${isFallbackAdapter ? 'CPU' : 'GPU'}, ${name}`,
    isSoftware: isFallbackAdapter,
  }
}

/** Why a device was lost. */
export function reasonOf({ message, reason }: GPUDeviceLostInfo): string {
  return message.trim().split('\n')[0] || reason || 'no reason was given'
}

/** Browsers have `navigator.gpu`; here the optional package `webgpu` fills it in, once. */
async function provideGpu(): Promise<GPU> {
  const scope = globalThis as { navigator?: { gpu?: GPU } }
  if (scope.navigator?.gpu) return scope.navigator.gpu
  const { create, globals } = await import('webgpu').catch((cause) => {
    const [reason] = String(cause instanceof Error ? cause.message : cause).split('\n')
    throw new Error(`the optional package webgpu cannot be loaded: ${reason}`, { cause })
  })
  if (process.platform === 'linux') requireVulkan()
  Object.assign(globalThis, globals)
  const gpu = create([])
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
      throw new Error(
        `Vulkan's loader (libvulkan.so.1) is not installed; install libvulkan1 and the GPU's driver`,
      )
  }
}
