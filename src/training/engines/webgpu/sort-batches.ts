import type { Buffers } from './buffers.ts'
import { gridOf } from './dispatch.ts'
import type { OpenDevice } from './open-device.ts'
import { bindKernel, type KernelBuffers } from './pipelines.ts'

const workgroup = 256
/** Uniforms of two passes lie so many bytes apart. */
const stride = 256

/**
 * One pass of Batcher's bitonic sorting network over every batch at once, in the form whose
 * comparators all put the smaller first, so that what is missing of a power of two needs no place
 * (https://en.wikipedia.org/wiki/Bitonic_sorter). A thread has one comparator.
 */
const code = `
struct Pass { span: u32, isFirst: u32 }
override ratings: u32;
override batchSize: u32;
/** Comparators of a batch, half its size rounded up to a power of two. */
override half: u32;
@group(0) @binding(0) var<uniform> network: Pass;
@group(0) @binding(1) var<storage, read> userIndex: array<u32>;
@group(0) @binding(2) var<storage, read> movieIndex: array<u32>;
@group(0) @binding(3) var<storage, read_write> lists: array<u32>;

@compute @workgroup_size(${workgroup})
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let comparator = id.y * workgroups.x * ${workgroup}u + id.x;
  let batch = comparator / half;
  let first = batch * batchSize;
  if (first >= ratings) { return; }
  let within = comparator % half;
  let side = network.span / 2u;
  let block = within / side * network.span;
  let at = block + within % side;
  let other = select(at + side, block + network.span - 1u - within % side, network.isFirst == 1u);
  if (other >= min(batchSize, ratings - first)) { return; }

  sortPair(first + at, first + other, 0u);
  sortPair(first + at, first + other, ratings);
}

/** By the user or movie, and the ratings of one in the order of the rows. */
fn sortPair(at: u32, other: u32, part: u32) {
  let row = lists[part + at];
  let last = lists[part + other];
  let a = keyOf(row, part);
  let b = keyOf(last, part);
  if (a > b || (a == b && row > last)) {
    lists[part + at] = last;
    lists[part + other] = row;
  }
}

fn keyOf(row: u32, part: u32) -> u32 {
  if (part == 0u) { return userIndex[row]; }
  return movieIndex[row];
}
`

/** The passes that sort any number of items below a power of two. */
function passesOf(power: number): { span: number; isFirst: boolean }[] {
  const passes: { span: number; isFirst: boolean }[] = []
  for (let level = 2; level <= power; level *= 2)
    for (let span = level; span >= 2; span /= 2) passes.push({ span, isFirst: span === level })
  return passes
}

/** Fills `lists` for an epoch on the device. */
export type BatchSorter = {
  /**
   * For rows in `order`, of which every `batchSize` are a batch, [2][rows]: in each of the two parts
   * batch n is in the places of batch n, in the order of its users, and of its movies.
   */
  sort(order: Uint32Array<ArrayBuffer>): void
}

/** Sorts batches where they are used, all of them at once, in some log² of their size passes. */
export function createBatchSorter(
  { device, mostGroups }: OpenDevice,
  memory: Buffers,
  { userIndex, movieIndex, lists }: Pick<KernelBuffers, 'userIndex' | 'movieIndex' | 'lists'>,
  { ratings, batchSize: asked }: { ratings: number; batchSize: number },
): BatchSorter {
  const batchSize = Math.min(asked, ratings)
  const half = Math.max(1, 2 ** Math.ceil(Math.log2(batchSize)) / 2)
  const passes = passesOf(2 * half)
  const buffer = memory.uniform(passes.length * stride)
  const table = new Uint32Array((passes.length * stride) / 4)
  for (const [i, { span, isFirst }] of passes.entries())
    table.set([span, Number(isFirst)], (i * stride) / 4)
  device.queue.writeBuffer(buffer, 0, table)
  const { pipeline, group } = bindKernel(
    device,
    code,
    { buffer, bytes: 8 },
    [
      [userIndex, 'read-only-storage'],
      [movieIndex, 'read-only-storage'],
      [lists, 'storage'],
    ],
    { ratings, batchSize, half },
  )
  const comparators = Math.ceil(ratings / batchSize) * half
  const groups = gridOf(Math.ceil(comparators / workgroup), mostGroups)
  return {
    sort(order) {
      for (const part of [0, 1]) device.queue.writeBuffer(lists, part * 4 * ratings, order)
      const encoder = device.createCommandEncoder()
      const pass = encoder.beginComputePass()
      pass.setPipeline(pipeline)
      for (const i of passes.keys()) {
        pass.setBindGroup(0, group, [i * stride])
        pass.dispatchWorkgroups(...groups)
      }
      pass.end()
      device.queue.submit([encoder.finish()])
    },
  }
}
