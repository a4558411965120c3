import type { Grouped } from '../../../../../numeric/counting.ts'
import { updateStruct, writeStruct } from '../../../../../numeric/kernels/struct.ts'
import { subspace } from '../../../../../numeric/kernels/structs.ts'
import { type LowRank, lowRank, orthonormalising } from '../../../../../numeric/linear/low-rank.ts'
import { padded } from '../layout.ts'
import type { Memory } from '../sampler.ts'
import { type BothSides, bothSides, type SideName, sideNames } from '../sides.ts'

/** Moves the bases that an average is projected on, and reads its singular vectors from them. */
export type Turning = {
  /**
   * √(ratings of the row), at least 1. What is approximated is each prediction times the roots of its user
   * and its movie: then the error is smallest where ratings are likely to come.
   */
  readonly roots: BothSides<Float32Array>
  /** Makes a basis of the columns that stand in its place, each row times its root, twice. */
  begin(side: SideName): Promise<void>
  /** Takes the largest singular vectors so far as bases, and the products over to them. */
  turn(): Promise<void>
  /**
   * Vectors [known, rank] whose products are nearest to the average, from sums over `counted`
   * sweeps.
   */
  read(counted: number): Promise<BothSides<Float32Array>>
}

export function createTurning(memory: Memory, grouped: BothSides<Grouped>): Turning {
  const { arena, threads, sizes, inputs, state } = memory
  const { known, basis, rank, saved } = sizes
  const { turning, tasks } = inputs
  const both = 2 * basis
  const roots = bothSides((side) => {
    const { start } = grouped[side]
    return arena.f32(turning.roots[side], padded(known[side])).map((_, row) => {
      return row < known[side] ? Math.sqrt(Math.max(1, start[row + 1]! - start[row]!)) : 1
    })
  })
  for (const side of sideNames) {
    arena.f32(turning.roots[side], roots[side].length).set(roots[side])
    writeStruct(arena.view, tasks.subspace[side], subspace, {
      ...{ basis: state.bases[side], products: state.projected[side] },
      ...{ roots: turning.roots[side], columns: basis },
      ...{ coefficients: turning.coefficients, scale: turning.scale },
      ...{ outColumns: basis, outBasis: 0, outProducts: 0 },
    })
  }

  /** A piece of the rows of a side, a multiple of four, for each scratch. */
  const spansOf = (side: SideName) => {
    const fours = padded(known[side]) / 4
    const { length } = turning.scratch
    const bound = (piece: number) => 4 * Math.floor((piece * fours) / length)
    return turning.scratch.map((at, piece) => ({ ...at, from: bound(piece), to: bound(piece + 1) }))
  }

  /** XᵀX [2·basis, 2·basis] of a side, X being its basis and products. */
  async function gramOf(side: SideName): Promise<Float64Array> {
    const padding = (padded(known[side]) - known[side]) * basis
    // Products are summed up four rows at a time, and behind the last row known stands another.
    arena.f32(state.projected[side] + known[side] * basis * 4, padding).fill(0)
    const spans = spansOf(side)
    const parts = spans.map(({ gram }) => arena.f64(gram, both * both).fill(0))
    const calls = spans.map(
      ({ from, to, panel, gram }) => [tasks.subspace[side], from, to, panel, gram] as const,
    )
    await threads.run({ kernel: 'addSubspaceGram', rounds: [calls] })
    const sum = new Float64Array(both * both)
    for (const part of parts) for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!
    // The kernel fills the upper triangle alone.
    return sum.map((_, at) => {
      const [i, j] = [Math.floor(at / both), at % both]
      return sum[Math.min(i, j) * both + Math.max(i, j)]!
    })
  }

  /** Takes X of a side over to X·W, W [height, columns], and W·diag(scale). */
  async function takeOver(
    side: SideName,
    w: Float64Array,
    columns: number,
    out: { readonly columns: number; readonly basis: number; readonly products: number },
    scale: (column: number) => number,
  ): Promise<void> {
    const coefficients = arena.f64(turning.coefficients, both * out.columns).fill(0)
    for (let row = 0; row * columns < w.length; row++)
      coefficients.set(w.subarray(row * columns, (row + 1) * columns), row * out.columns)
    const scales = arena.f64(turning.scale, out.columns)
    for (let k = 0; k < out.columns; k++) scales[k] = k < columns ? scale(k) : 0
    updateStruct(arena.view, tasks.subspace[side], subspace, {
      outColumns: out.columns,
      outBasis: out.basis,
      outProducts: out.products,
    })
    const calls = spansOf(side).map(
      ({ from, to, panel }) => [tasks.subspace[side], from, to, panel] as const,
    )
    await threads.run({ kernel: 'turnSubspace', rounds: [calls] })
  }

  const inPlace = (side: SideName) => {
    return { columns: basis, basis: state.bases[side], products: state.projected[side] }
  }
  const factorise = async (columns: number): Promise<LowRank> =>
    lowRank({ size: basis, left: await gramOf('user'), right: await gramOf('movie') }, columns)
  const vectorsOf = ({ left, right }: LowRank) => ({ user: left, movie: right })

  return {
    roots,
    async begin(side) {
      const gram = await gramOf(side)
      const own = Float64Array.from({ length: basis * basis }, (_, at) => {
        return gram[Math.floor(at / basis) * both + (at % basis)]!
      })
      await takeOver(side, orthonormalising(own, basis), basis, inPlace(side), () => 0)
    },
    async turn() {
      const found = await factorise(basis)
      for (const side of sideNames)
        await takeOver(side, vectorsOf(found)[side], basis, inPlace(side), (k) => found.values[k]!)
    },
    async read(counted) {
      const found = await factorise(rank)
      const root = (k: number) => Math.sqrt(found.values[k]! / counted)
      const out = (side: SideName) => {
        return { columns: saved, basis: 0, products: turning.saved[side] }
      }
      for (const side of sideNames)
        await takeOver(side, vectorsOf(found)[side], rank, out(side), root)
      return bothSides((side) => {
        const table = arena.f32(turning.saved[side], known[side] * saved)
        const vectors = new Float32Array(known[side] * rank)
        for (let row = 0; row < known[side]; row++)
          vectors.set(table.subarray(row * saved, row * saved + rank), row * rank)
        return vectors
      })
    },
  }
}
