import { Worker } from 'node:worker_threads'
import { generateRatings } from '../../src/cli/generate/generated-ratings.ts'
import { type Arena, planArena } from '../../src/numeric/kernels/arena.ts'
import { compileKernels, rowWidth } from '../../src/numeric/kernels/kernels.ts'
import { writeStruct } from '../../src/numeric/kernels/struct.ts'
import { ratingSteps } from '../../src/numeric/kernels/structs.ts'
import { startThreads } from '../../src/numeric/kernels/threads.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { type Blocks, cutIntoBlocks, parts } from '../../src/training/engines/simd/blocks.ts'
import { plainStepPerRating } from '../../test/support/plain-steps.ts'

const [rate, weightDecay, lowest, span] = [0.02, 0.1, 0, 5.5]

/** Ratings in the order of the blocks, for every number of factors. */
export function prepareFused(ratings: number, users: number, movies: number) {
  const { ratings: rows } = generateRatings({ ratings, users, movies, seed: 1 })
  const blocks = cutIntoBlocks(rows, 1)
  const size = rows.rating.length
  const userIndex = new Uint32Array(size)
  const movieIndex = new Uint32Array(size)
  const rating = new Float32Array(size)
  for (let i = 0; i < size; i++) {
    const row = blocks.order[i]!
    userIndex[i] = blocks.newUser[rows.userIndex[row]!]!
    movieIndex[i] = blocks.newMovie[rows.movieIndex[row]!]!
    rating[i] = rows.rating[row]!
  }
  return { userIndex, movieIndex, rating, users, movies, start: blocks.start }
}

export type Fused = ReturnType<typeof prepareFused>

/** The rounds of an epoch as [from, to] of each block. */
function roundsOf(start: Blocks['start']): [number, number][][] {
  return Array.from({ length: parts }, (_, shift) =>
    Array.from({ length: parts }, (_, part) => {
      const block = part * parts + ((part + shift) % parts)
      return [start[block]!, start[block + 1]!]
    }),
  )
}

/** Seconds of an epoch on the kernels, by the clock. */
export async function openSimd(fused: Fused, k: number) {
  const { users, movies, start } = fused
  const size = fused.rating.length
  const width = rowWidth(k)
  const plan = planArena()
  const at = {
    task: plan.take(ratingSteps.bytes),
    userIndex: plan.take(size * 4),
    movieIndex: plan.take(size * 4),
    rating: plan.take(size * 4),
    offset: plan.take(size * 4),
    userRows: plan.take(users * width * 4),
    movieRows: plan.take(movies * width * 4),
    userScale: plan.take(users * 4),
    movieScale: plan.take(movies * 4),
  }
  const arena = plan.create()
  arena.u32(at.userIndex, size).set(fused.userIndex)
  arena.u32(at.movieIndex, size).set(fused.movieIndex)
  arena.f32(at.rating, size).set(fused.rating)
  arena.f32(at.userScale, users).fill(1)
  arena.f32(at.movieScale, movies).fill(1)
  fillRows(arena, at.userRows, users, k, width, 1)
  fillRows(arena, at.movieRows, movies, k, width, 2)
  const module = await compileKernels()
  const { task, ...addresses } = at
  const constants = { rowBytes: width * 4, weightDecay, lowest, span }
  writeStruct(arena.view, task, ratingSteps, { ...addresses, ...constants })
  const rounds = roundsOf(start).map((round) =>
    round.map(([from, to]) => [task, from, to, rate] as const),
  )
  const pools = [1, 2].map((count) => startThreads(module, arena.memory, count))
  return {
    async epoch(threads: number) {
      const begin = performance.now()
      await pools[threads - 1]!.run({ kernel: 'stepPerRating', rounds })
      return (performance.now() - begin) / 1_000
    },
    close: () => {
      for (const pool of pools) pool.terminate()
    },
  }
}

function fillRows(arena: Arena, at: number, rows: number, k: number, width: number, one: number) {
  const random = createRandom(3, 'rows')
  const data = arena.f32(at, rows * width)
  for (let row = 0; row < rows; row++) {
    for (let f = 0; f < k; f++) data[row * width + f] = 0.1 * random.uniform()
    data[(row + 1) * width - one] = 1
  }
}

/**
 * The same of the plain step, in threads of its own on typed arrays (shared only for two threads).
 */
export function openPlain(fused: Fused, k: number, threads: number) {
  const shared = <T extends Uint32Array | Float32Array>(array: T): T => {
    const bytes =
      threads === 1 ? new ArrayBuffer(array.byteLength) : new SharedArrayBuffer(array.byteLength)
    const copy = new (array.constructor as new (b: ArrayBufferLike) => T)(bytes)
    copy.set(array)
    return copy
  }
  const random = createRandom(3, 'rows')
  const small = (size: number) => Float32Array.from({ length: size }, () => 0.1 * random.uniform())
  const { users, movies } = fused
  const training = {
    userIndex: shared(fused.userIndex),
    movieIndex: shared(fused.movieIndex),
    rating: shared(fused.rating),
    k,
    userFactors: shared(small(users * k)),
    movieFactors: shared(small(movies * k)),
    userBias: shared(new Float32Array(users)),
    movieBias: shared(new Float32Array(movies)),
    userScale: shared(new Float32Array(users).fill(1)),
    movieScale: shared(new Float32Array(movies).fill(1)),
    lowest,
    span,
  }
  const arrived = new Int32Array(new SharedArrayBuffer(4))
  const rounds = roundsOf(fused.start)
  const source = `
    const { parentPort, workerData } = require('node:worker_threads')
    const step = ${plainStepPerRating.toString()}
    const { training, rounds, arrived, threads, thread } = workerData
    let target = 0
    parentPort.on('message', () => {
      for (const round of rounds) {
        round.forEach(([from, to], i) => {
          if (i % threads === thread) step(training, from, to, ${rate}, ${weightDecay})
        })
        target += threads
        Atomics.add(arrived, 0, 1)
        Atomics.notify(arrived, 0)
        for (let now; (now = Atomics.load(arrived, 0)) < target; ) Atomics.wait(arrived, 0, now, 100)
      }
      parentPort.postMessage('done')
    })`
  const workers = Array.from(
    { length: threads },
    (_, thread) =>
      new Worker(source, {
        eval: true,
        execArgv: [],
        workerData: { training, rounds, arrived, threads, thread },
      }),
  )
  return {
    async epoch() {
      const begin = performance.now()
      await Promise.all(
        workers.map(
          (worker) =>
            new Promise((resolve, reject) => {
              worker.once('message', resolve)
              worker.once('error', reject)
              worker.postMessage('go')
            }),
        ),
      )
      return (performance.now() - begin) / 1_000
    },
    close: () => {
      for (const worker of workers) void worker.terminate()
    },
  }
}
