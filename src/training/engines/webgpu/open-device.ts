import { findAdapter, reasonOf } from './adapter.ts'

/** A device with all the memory that its adapter allows in one buffer. */
export type OpenDevice = {
  readonly device: GPUDevice
  readonly name: string
  /**
   * Resolves with the reason when the device is lost, or fails at what nobody waits for: memory.
   */
  readonly failure: Promise<string>
  /** Largest buffer that a kernel can see, in bytes. */
  readonly largestBuffer: number
  /** Most workgroups along one dimension. */
  readonly mostGroups: number
}

/** Opens the GPU that WebGPU prefers; an error says why there is none. */
export async function openDevice(options: { takesSoftware: boolean }): Promise<OpenDevice> {
  const { adapter, device: name } = await findAdapter(options)
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupsPerDimension } =
    adapter.limits
  const requiredLimits = {
    maxBufferSize,
    maxStorageBufferBindingSize,
    maxComputeWorkgroupsPerDimension,
  }
  const device = await adapter.requestDevice({ requiredLimits })
  const fault = new Promise<string>((resolve) => {
    device.addEventListener('uncapturederror', ({ error }) => resolve(firstLine(error.message)))
  })
  return {
    device,
    name,
    failure: Promise.race([fault, device.lost.then(reasonOf)]),
    largestBuffer: Math.min(maxBufferSize, maxStorageBufferBindingSize),
    mostGroups: maxComputeWorkgroupsPerDimension,
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!.replace(/\.$/, '')
}
