import { entriesPerGroup, moveGroupSize, stepStride } from './kernels.ts'
import type { BoundKernel } from './pipelines.ts'

/** Records steps into one command buffer and submits it. */
export type Recorder = {
  /** The steps at places 0 … `counts.length` of the table, each with so many ratings. */
  submit(counts: readonly number[]): void
}

/** Two dispatches a step: the sums of all rows of the batch, then the move of every row. */
export function createRecorder(
  device: GPUDevice,
  [sum, move]: readonly [BoundKernel, BoundKernel],
  vectors: number,
  mostGroups: number,
): Recorder {
  const moveGroups = gridOf(Math.ceil(vectors / moveGroupSize), mostGroups)
  return {
    submit(counts) {
      const encoder = device.createCommandEncoder()
      const pass = encoder.beginComputePass()
      counts.forEach((count, i) => {
        const offsets = [i * stepStride]
        pass.setPipeline(sum.pipeline)
        pass.setBindGroup(0, sum.group, offsets)
        const sumGroups = 2 * Math.ceil(count / entriesPerGroup)
        pass.dispatchWorkgroups(...gridOf(sumGroups, mostGroups))
        pass.setPipeline(move.pipeline)
        pass.setBindGroup(0, move.group, offsets)
        pass.dispatchWorkgroups(...moveGroups)
      })
      pass.end()
      device.queue.submit([encoder.finish()])
    },
  }
}

/** At least so many workgroups as [x, y]; along one dimension there is a limit. */
export function gridOf(groups: number, most: number): [number, number] {
  const y = Math.ceil(groups / most)
  return [Math.ceil(groups / y), y]
}
