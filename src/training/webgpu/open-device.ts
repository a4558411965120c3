import { findAdapter } from './adapter.ts'

/** A device with all the memory that its adapter allows in one buffer. */
export type OpenDevice = {
  readonly device: GPUDevice
  readonly name: string
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
  return {
    device,
    name,
    largestBuffer: Math.min(maxBufferSize, maxStorageBufferBindingSize),
    mostGroups: maxComputeWorkgroupsPerDimension,
  }
}
