import type { Arena, ArenaPlan } from '../../../numeric/kernels/arena.ts'
import type { Call } from '../../../numeric/kernels/threads.ts'

/** How many pieces the rows of a side are cut into at most, for the threads to share. */
const pieces = 32
/** What a row costs besides its ratings, in ratings. */
const ratingsPerRow = 24
/** The bytes of what `gibbs.ts` calls a side. */
const blockBytes = 64

/** Where the users, or the movies, lie in the memory of the kernels; `rows` counts them all. */
export type SideAt = {
  readonly block: number
  readonly rows: number
  readonly start: number
  readonly index: number
  readonly target: number
  readonly precision: number
  readonly prior: number
}

/** One of the two index columns of the ratings, as compressed rows: `order` sorts by it, stably. */
export type Grouped = {
  readonly start: Uint32Array
  readonly order: Uint32Array
}

/** Groups ratings by the user or movie in `index`, of which there are `rows`. */
export function groupBy(index: Uint32Array, rows: number): Grouped {
  const start = new Uint32Array(rows + 1)
  for (const i of index) start[i + 1]! += 1
  for (let i = 0; i < rows; i++) start[i + 1]! += start[i]!
  const next = start.slice(0, -1)
  const order = new Uint32Array(index.length)
  index.forEach((i, row) => {
    order[next[i]!] = row
    next[i]! += 1
  })
  return { start, order }
}

/** Room for all of a side but its rows, which are taken where the state lies. */
export function planSide(plan: ArenaPlan, rows: number, ratings: number, size: number) {
  return {
    block: plan.take(blockBytes),
    start: plan.take((rows + 1) * 4),
    index: plan.take(ratings * 4),
    target: plan.take(ratings * 4),
    precision: plan.take(size * size * 4),
    prior: plan.take(size * 4),
  }
}

/** Cuts 0 … rows − 1 into pieces of about as much work each; `[from, to]` of each. */
export function cutRows({ start }: Grouped): [number, number][] {
  const rows = start.length - 1
  const work = (row: number) => start[row]! + row * ratingsPerRow
  const cuts: [number, number][] = []
  let from = 0
  for (let row = 1; row <= rows; row++) {
    if (row < rows && work(row) < (work(rows) * (cuts.length + 1)) / pieces) continue
    cuts.push([from, row])
    from = row
  }
  return cuts
}

/** What changes between the half sweeps of a side. */
export type HalfSweep = {
  readonly mean: Float64Array
  readonly precision: Float64Array
  readonly noise: number
  /** Two random words. */
  readonly key: readonly [number, number]
}

/** Fills in what the kernels are to know of a side. */
export function writeSide(
  arena: Arena,
  at: SideAt,
  others: number,
  { size, factors }: { size: number; factors: number },
  { mean, precision, noise, key }: HalfSweep,
): void {
  const places = factors + 1
  const words = [at.rows, others, at.start, at.index, at.target, size, factors, at.precision]
  arena.u32(at.block, 12).set([...key, ...words, at.prior, 0])
  arena.f32(at.block + 48, 1)[0] = noise
  const full = arena.f32(at.precision, size * size).fill(0)
  for (let i = 0; i < size; i++)
    if (i < places) full.set(precision.subarray(i * places, (i + 1) * places), i * size)
    else full[i * size + i] = 1
  arena.f32(at.prior, size).fill(0).set(mean)
}

/** The calls of a kernel that goes through the rows of a side. */
export function callsOf(
  block: number,
  cuts: readonly [number, number][],
  scratch: readonly number[],
): Call[] {
  return cuts.map(([from, to], piece) => [block, from, to, scratch[piece]!])
}
