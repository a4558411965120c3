import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planArena } from '../../src/numeric/kernels/arena.ts'
import { compileKernels } from '../../src/numeric/kernels/kernels.ts'
import { batchEpoch } from '../../src/numeric/kernels/structs.ts'
import { type Call, type KernelName, startThreads } from '../../src/numeric/kernels/threads.ts'

/** A call that settles no row, and so does nothing: the epoch at that address has none. */
const idle: Call<'settleAll'> = [65_536, 0]

async function start(count: number) {
  const plan = planArena()
  plan.take(batchEpoch.bytes)
  return startThreads(await compileKernels(), plan.create().memory, count)
}

test('a call that fails rejects the run, and the threads are no more', async () => {
  const threads = await start(2)
  const rounds = [[idle], [idle, idle]]
  await assert.rejects(threads.run({ kernel: 'none' as KernelName, rounds }), TypeError)
  await assert.rejects(threads.run({ kernel: 'settleAll', rounds }), TypeError)
})

test('a thread that ends rejects the run that it is in', async () => {
  const threads = await start(2)
  const run = threads.run({ kernel: 'settleAll', rounds: [[idle], [idle]] })
  threads.terminate()
  await assert.rejects(run, /terminated/)
})

test('what a tick throws comes out after the threads have stopped, and they can go on', async () => {
  const threads = await start(2)
  const forever = Array.from({ length: 400_000 }, () => [idle])
  const run = threads.run({ kernel: 'settleAll', rounds: forever }, async () => {
    throw new Error('cancelled')
  })
  await assert.rejects(run, /cancelled/)
  const results = await threads.run({ kernel: 'settleAll', rounds: [[idle, idle], [idle]] })
  assert.equal(results.length, 3)
  threads.terminate()
})
