import { MarqueeError } from '../../../errors.ts'
import type { OpenDevice } from './open-device.ts'

/** Makes buffers on a device and frees them all. */
export type Buffers = {
  /**
   * A buffer for kernels, filled with zeros; a `no-engine` error when `what` does not fit into one.
   */
  storage(what: string, bytes: number): GPUBuffer
  uniform(bytes: number): GPUBuffer
  /** The first bytes of a buffer, once all that was submitted before is done. */
  read(buffer: GPUBuffer, bytes: number): Promise<ArrayBuffer>
  dispose(): void
}

/** Buffers on a device. */
export function createBuffers({ device, largestBuffer }: OpenDevice): Buffers {
  const buffers: GPUBuffer[] = []
  const create = (size: number, usage: number) => {
    const buffer = device.createBuffer({ size, usage })
    buffers.push(buffer)
    return buffer
  }
  const { STORAGE, UNIFORM, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage
  return {
    storage(what, bytes) {
      const size = Math.max(16, Math.ceil(bytes / 16) * 16)
      if (size > largestBuffer) throw tooLarge(what, size, largestBuffer)
      return create(size, STORAGE | COPY_DST | COPY_SRC)
    },
    uniform: (bytes) => create(bytes, UNIFORM | COPY_DST),
    async read(buffer, bytes) {
      const copy = device.createBuffer({ size: bytes, usage: MAP_READ | COPY_DST })
      try {
        const encoder = device.createCommandEncoder()
        encoder.copyBufferToBuffer(buffer, 0, copy, 0, bytes)
        device.queue.submit([encoder.finish()])
        await copy.mapAsync(GPUMapMode.READ)
        return copy.getMappedRange().slice(0)
      } finally {
        copy.destroy()
      }
    },
    dispose() {
      for (const buffer of buffers) buffer.destroy()
    },
  }
}

function tooLarge(what: string, bytes: number, largest: number): MarqueeError {
  const mib = (size: number) => `${Number((size / 2 ** 20).toPrecision(3))} MiB`
  return new MarqueeError(
    'no-engine',
    `This training is too large for engine "webgpu": ${what} take ${mib(bytes)} in one buffer, and this device allows ${mib(largest)}.`,
  )
}
