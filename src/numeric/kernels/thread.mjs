// One thread of threads.ts. Plain JavaScript, so that it starts alike from the sources and when
// built.
import { parentPort, workerData } from 'node:worker_threads'

const { module, memory } = workerData
const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports
/** A thread looks for a stop at least this often while it waits for the others. */
const waitMs = 100

parentPort.on('message', ({ kernel, rounds, control, results }) => {
  // control: [0] stop, [1] finished calls, [2 + round] the next call of that round to take
  const run = () => {
    let before = 0
    let target = 0
    for (const [round, calls] of rounds.entries()) {
      target += calls.length
      for (;;) {
        const call = Atomics.add(control, 2 + round, 1)
        if (call >= calls.length) break
        if (Atomics.load(control, 0) !== 0) return
        results[before + call] = kernels[kernel](...calls[call])
        Atomics.add(control, 1, 1)
        Atomics.notify(control, 1)
      }
      before = target
      for (;;) {
        const finished = Atomics.load(control, 1)
        if (finished >= target) break
        if (Atomics.load(control, 0) !== 0) return
        Atomics.wait(control, 1, finished, waitMs)
      }
    }
  }
  run()
  parentPort.postMessage('done')
})
