import { createBuffers } from '../../src/training/engines/webgpu/buffers.ts'
import { openDevice } from '../../src/training/engines/webgpu/open-device.ts'
import { createBatchSorter } from '../../src/training/engines/webgpu/sort-batches.ts'
import { sortCases } from './sort-cases.ts'

/** A program: sorts the batches of each case on the device and prints the lists. */
const open = await openDevice({ takesSoftware: true }).catch((error: Error) => error)
if (open instanceof Error) process.stdout.write(JSON.stringify({ missing: open.message }))
else {
  const memory = createBuffers(open)
  const results: number[][] = []
  for (const { userIndex, movieIndex, order, batchSize } of sortCases()) {
    const bytes = order.byteLength
    const buffers = {
      userIndex: memory.storage('users', bytes),
      movieIndex: memory.storage('movies', bytes),
      lists: memory.storage('lists', 2 * bytes),
    }
    open.device.queue.writeBuffer(buffers.userIndex, 0, userIndex)
    open.device.queue.writeBuffer(buffers.movieIndex, 0, movieIndex)
    // A limit of 3 workgroups along one dimension has the grid fold.
    const narrow = { ...open, mostGroups: 3 }
    const size = { ratings: order.length, batchSize }
    createBatchSorter(narrow, memory, buffers, size).sort(order)
    results.push([...new Uint32Array(await memory.read(buffers.lists, 2 * bytes))])
  }
  memory.dispose()
  process.stdout.write(JSON.stringify(results))
}
