import { moveRows, stepBytes, sumGradients } from './kernels.ts'

/** A kernel with its buffers, ready to be dispatched; the step's offset is given each time. */
export type BoundKernel = { readonly pipeline: GPUComputePipeline; readonly group: GPUBindGroup }

/** The sizes and kind of training that the kernels are compiled for. */
export type KernelConstants = {
  readonly users: number
  readonly rows: number
  /** Of a row, in vec4. */
  readonly width: number
  readonly ratings: number
  readonly hasBias: boolean
  readonly isAdam: boolean
}

type Bound = readonly [GPUBuffer, 'read-only-storage' | 'storage']

/** Uniforms that lie one after the other, of which a dispatch sees one at a time. */
type Uniforms = { readonly buffer: GPUBuffer; readonly bytes: number }

/** The buffers that the kernels share. */
export type KernelBuffers = Record<
  | 'steps'
  | 'p'
  | 'm'
  | 'v'
  | 'sums'
  | 'marks'
  | 'squared'
  | 'userIndex'
  | 'movieIndex'
  | 'rating'
  | 'lists',
  GPUBuffer
>

/** The two kernels of a step, in the order in which they are to run. */
export function createKernels(
  device: GPUDevice,
  buffers: KernelBuffers,
  constants: KernelConstants,
): readonly [BoundKernel, BoundKernel] {
  const { p, m, v, sums, marks, squared, userIndex, movieIndex, rating, lists } = buffers
  const steps = { buffer: buffers.steps, bytes: stepBytes }
  const common: Bound[] = [
    [p, 'storage'],
    [sums, 'storage'],
    [marks, 'storage'],
  ]
  const { rows, ratings, ...both } = constants
  const create = (code: string, own: Bound[], used: Record<string, number | boolean>) =>
    bindKernel(device, code, steps, [...common, ...own], used)
  return [
    create(
      sumGradients,
      [
        [userIndex, 'read-only-storage'],
        [movieIndex, 'read-only-storage'],
        [rating, 'read-only-storage'],
        [lists, 'read-only-storage'],
        [squared, 'storage'],
      ],
      { users: both.users, width: both.width, ratings },
    ),
    create(
      moveRows,
      [
        [m, 'storage'],
        [v, 'storage'],
      ],
      { ...both, rows },
    ),
  ]
}

/** A kernel whose binding 0 is its uniforms and whose others are the buffers in their order. */
export function bindKernel(
  device: GPUDevice,
  code: string,
  uniforms: Uniforms,
  bound: readonly Bound[],
  constants: Record<string, number | boolean>,
): BoundKernel {
  const visibility = GPUShaderStage.COMPUTE
  const { buffer, bytes } = uniforms
  const uniform = { type: 'uniform', hasDynamicOffset: true, minBindingSize: bytes } as const
  const layout = device.createBindGroupLayout({
    entries: [
      { binding: 0, visibility, buffer: uniform },
      ...bound.map(([, type], i) => ({ binding: i + 1, visibility, buffer: { type } })),
    ],
  })
  const pipeline = device.createComputePipeline({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: {
      module: device.createShaderModule({ code }),
      constants: Object.fromEntries(
        Object.entries(constants).map(([name, value]) => [name, Number(value)]),
      ),
    },
  })
  const group = device.createBindGroup({
    layout,
    entries: [
      { binding: 0, resource: { buffer, size: bytes } },
      ...bound.map(([buffer], i) => ({ binding: i + 1, resource: { buffer } })),
    ],
  })
  return { pipeline, group }
}
