import { createBuffers } from '../../src/training/engines/webgpu/buffers.ts'
import { createRecorder } from '../../src/training/engines/webgpu/dispatch.ts'
import { openDevice } from '../../src/training/engines/webgpu/open-device.ts'
import { createKernels } from '../../src/training/engines/webgpu/pipelines.ts'
import { stepTable, writeStep } from '../../src/training/engines/webgpu/steps.ts'
import { kernelCases } from './kernel-cases.ts'

/** Each rating with its offset, as the kernels read them. */
const pairs = ({ rating, offset }: ReturnType<typeof kernelCases>[number]) =>
  [...rating].flatMap((value, row) => [value, offset[row]!])

/** A program: takes one step of each case on the device and prints what the kernels left there. */
const open = await openDevice({ takesSoftware: true }).catch((error: Error) => error)
if (open instanceof Error) process.stdout.write(JSON.stringify({ missing: open.message }))
else {
  const results = []
  for (const one of kernelCases()) {
    const { device } = open
    const memory = createBuffers(open)
    const filled = (data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>) => {
      const buffer = memory.storage('a table', data.byteLength)
      device.queue.writeBuffer(buffer, 0, data)
      return buffer
    }
    const places = 2 * 16 * one.groups
    const buffers = {
      steps: memory.uniform(256),
      p: filled(one.p),
      m: filled(one.m),
      v: filled(one.v),
      sums: memory.storage('sums', places * one.width * 4),
      marks: memory.storage('marks', one.rows * 12),
      squared: memory.storage('squared', one.groups * 4),
      userIndex: filled(one.userIndex),
      movieIndex: filled(one.movieIndex),
      rating: filled(Float32Array.from(pairs(one))),
      lists: filled(one.lists),
    }
    const kernels = createKernels(device, buffers, {
      users: one.users,
      rows: one.rows,
      width: one.width / 4,
      ratings: one.rating.length,
      hasBias: one.hasBias,
      isAdam: one.spec.optimizer === 'adam',
    })
    const table = stepTable(1)
    const { spec, ratingRange, rates } = one
    const task = { spec, ratings: one.rating.length, ratingRange }
    writeStep(table, 0, { step: one.step, number: one.number, rates }, task)
    device.queue.writeBuffer(buffers.steps, 0, table.buffer)
    // A limit of 3 workgroups along one dimension has the grid fold.
    const vectors = (one.rows * one.width) / 4
    createRecorder(device, kernels, vectors, 3).submit([one.count])
    const read = async (buffer: GPUBuffer, size: number) => [
      ...new Float32Array(await memory.read(buffer, size)),
    ]
    results.push({
      sums: await read(buffers.sums, places * one.width * 4),
      marks: [...new Uint32Array(await memory.read(buffers.marks, one.rows * 12))],
      squared: await read(buffers.squared, one.groups * 4),
      p: await read(buffers.p, one.p.byteLength),
      m: await read(buffers.m, one.m.byteLength),
      v: await read(buffers.v, one.v.byteLength),
    })
    memory.dispose()
  }
  process.stdout.write(JSON.stringify(results))
}
