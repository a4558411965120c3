import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import type { Coefficients } from '../coefficients.ts'
import type { UpdateRule } from './update-rule.ts'

/**
 * Kernels that tfjs-backend-wasm 4.22 lacks, as loops over its heap. A view of the heap is made in
 * each call, after every allocation: growing the heap detaches the views made before.
 */
export function registerWasmKernels(): void {
  if (isRegistered) return
  isRegistered = true
  register('UnsortedSegmentSum', segmentSum)
  register('MarqueeSgd', inPlace(fusedSgd))
  register('MarqueeAdam', inPlace(fusedAdam))
}

let isRegistered = false

/** `sgdRule` in one pass over the heap: wasm only, after `registerWasmKernels`. */
export const fusedSgdRule: UpdateRule = ({ p, m }, g, coefficients) =>
  void tf.engine().runKernel('MarqueeSgd', { p, m, g }, coefficients)

/** `adamRule` in one pass over the heap: wasm only, after `registerWasmKernels`. */
export const fusedAdamRule: UpdateRule = ({ p, m, v }, g, coefficients) =>
  void tf.engine().runKernel('MarqueeAdam', { p, m, v: v!, g }, coefficients)

type Call = { inputs: Record<string, tf.TensorInfo>; backend: BackendWasm; attrs: object }

function register(kernelName: string, kernel: (call: Call) => tf.TensorInfo | undefined): void {
  tf.registerKernel({
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend, attrs }) =>
      kernel({
        inputs: inputs as Call['inputs'],
        backend: backend as unknown as BackendWasm,
        attrs: attrs ?? {},
      }) ?? [],
  })
}

/** out[segmentIds[i]] += x[i] for each row i; the indices are in bounds by construction. */
function segmentSum({ inputs, backend, attrs }: Call): tf.TensorInfo {
  const { x, segmentIds } = inputs as { x: tf.TensorInfo; segmentIds: tf.TensorInfo }
  const { numSegments } = attrs as { numSegments: number }
  const out = backend.makeOutput([numSegments, ...x.shape.slice(1)], 'float32')
  const sums = backend.typedArrayFromHeap(out)
  const rows = backend.typedArrayFromHeap(x)
  const ids = backend.typedArrayFromHeap(segmentIds)
  const width = ids.length === 0 ? 0 : rows.length / ids.length
  sums.fill(0)
  for (let row = 0; row < ids.length; row++) {
    const from = row * width
    const to = ids[row]! * width
    for (let i = 0; i < width; i++) sums[to + i]! += rows[from + i]!
  }
  return out
}

type Views = { p: Float32Array; m: Float32Array; v: Float32Array; g: Float32Array }

function viewsOf({ inputs, backend }: Call): Views {
  const view = (name: string) => {
    const input = inputs[name]
    return (input ? backend.typedArrayFromHeap(input) : new Float32Array()) as Float32Array
  }
  return { p: view('p'), m: view('m'), v: view('v'), g: view('g') }
}

/** A kernel that changes its inputs and has no output. */
function inPlace(update: (views: Views, coefficients: Coefficients) => void) {
  return (call: Call): undefined => update(viewsOf(call), call.attrs as Coefficients) as undefined
}

/**
 * Added to the averages in each step, so that those of rows without a gradient do not decay into
 * denormal numbers, which the CPU handles some fifty times slower. It moves a parameter by less
 * than the resolution of its float; a comparison in the loop would cost more than the rest of it.
 */
const averageFloor = 1e-25
const squareFloor = 1e-30

function fusedSgd({ p, m, g }: Views, { keep, l2, momentum, rate }: Coefficients): void {
  for (let i = 0; i < p.length; i++) {
    const kept = p[i]! * keep
    const average = momentum * m[i]! + g[i]! + l2 * kept + averageFloor
    m[i] = average
    p[i] = kept - rate * average
  }
}

function fusedAdam(
  { p, m, v, g }: Views,
  { keep, l2, momentum, rate, beta2, scale, epsilon }: Coefficients,
): void {
  const fresh = 1 - momentum
  const freshSquare = 1 - beta2
  for (let i = 0; i < p.length; i++) {
    const kept = p[i]! * keep
    const gradient = g[i]! + l2 * kept
    const average = momentum * m[i]! + fresh * gradient + averageFloor
    const square = beta2 * v[i]! + freshSquare * gradient * gradient + squareFloor
    m[i] = average
    v[i] = square
    p[i] = kept - (rate * average) / (Math.sqrt(square * scale) + epsilon)
  }
}
