import { writeStruct } from '../../../../../numeric/kernels/struct.ts'
import { crossProduct, predictions, rowProduct } from '../../../../../numeric/kernels/structs.ts'
import type { Call } from '../../../../../numeric/kernels/threads.ts'
import { padded } from '../layout.ts'
import type { Memory } from '../sampler.ts'
import { bothSides } from '../sides.ts'

const pairsAtOnce = 8_192
const rowsAtOnce = 256

/** Kernels that add what the rows of a sweep say to the sums of the state. */
export type AverageKernels = {
  /** Predictions of the pairs watched, and of each side's rows with an unknown other. */
  addPredictions(): Promise<void>
  /** Each side's rows times the other's, transposed, times the other's basis. */
  addProjections(): Promise<void>
}

/** The kernels of an average over rows, bases and sums in the memory. */
export function averageKernels({ arena, threads, sizes, inputs, state }: Memory): AverageKernels {
  const { size, factors, known, basis } = sizes
  const { tasks, watched, each, unknown } = inputs
  const writePairs = (
    task: number,
    pairs: { readonly userIndex: number; readonly movieIndex: number; readonly sum: number },
  ) =>
    writeStruct(arena.view, task, predictions, {
      ...{ users: state.rows.user, movies: state.rows.movie, size, factors },
      ...pairs,
    })
  writePairs(tasks.watched, {
    userIndex: watched.user,
    movieIndex: watched.movie,
    sum: state.watchedSums,
  })
  const cold = { user: state.coldSums.user, movie: state.coldSums.movie }
  writePairs(tasks.cold.user, { userIndex: each, movieIndex: unknown.movie, sum: cold.user })
  writePairs(tasks.cold.movie, { userIndex: unknown.user, movieIndex: each, sum: cold.movie })

  const crossAndProduct = bothSides((side, other) => {
    writeStruct(arena.view, tasks.cross[side], crossProduct, {
      left: state.rows[side],
      leftBytes: size * 4,
      right: state.bases[side],
      rightBytes: basis * 4,
      rows: known[side],
      out: inputs.cross[side],
    })
    writeStruct(arena.view, tasks.product[side], rowProduct, {
      left: state.rows[side],
      leftBytes: size * 4,
      places: factors,
      right: inputs.cross[other],
      out: state.projected[side],
      outBytes: basis * 4,
    })
    const tiles: Call<'crossTile'>[] = []
    for (let row = 0; row < size; row += 4)
      for (let column = 0; column < basis; column += 8) tiles.push([tasks.cross[side], row, column])
    return { tiles, products: callsOf(tasks.product[side], padded(known[side]), rowsAtOnce) }
  })
  const { user, movie } = crossAndProduct
  const pairs = [
    ...callsOf(tasks.watched, sizes.watched, pairsAtOnce),
    ...callsOf(tasks.cold.user, sizes.rows.user, pairsAtOnce),
    ...callsOf(tasks.cold.movie, sizes.rows.movie, pairsAtOnce),
  ]
  return {
    async addPredictions() {
      await threads.run({ kernel: 'addPredictions', rounds: [pairs] })
    },
    async addProjections() {
      await threads.run({ kernel: 'crossTile', rounds: [[...user.tiles, ...movie.tiles]] })
      await threads.run({ kernel: 'addProducts', rounds: [[...user.products, ...movie.products]] })
    },
  }
}

/** Calls of a kernel for so many rows of its task, `atOnce` in each. */
function callsOf(task: number, rows: number, atOnce: number): [number, number, number][] {
  return Array.from({ length: Math.ceil(rows / atOnce) }, (_, i) => [
    task,
    i * atOnce,
    Math.min(rows, (i + 1) * atOnce),
  ])
}
