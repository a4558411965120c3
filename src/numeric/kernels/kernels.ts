import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

/**
 * The kernels that `npm run kernels` compiles from `assembly/`, whose sources say what each does.
 * `task`, `side`, `epoch`, `net`, `features` and `space` are addresses of structs, see `structs.ts`; `from` and
 * `to` are rows of theirs; what else is not a number or a size is an address.
 */
export type Kernels = {
  stepPerRating(task: number, from: number, to: number, rate: number): number
  stepPerBatch(epoch: number, from: number, to: number): number
  stepNet(net: number, step: number, stage: number, index: number): number
  stepNetBatches(net: number, from: number, to: number): number
  settleAll(epoch: number, to: number): void
  scoreRows(
    query: number,
    rows: number,
    rowBytes: number,
    from: number,
    to: number,
    out: number,
  ): void
  findRows(
    shortQuery: number,
    shortRows: number,
    shortRowBytes: number,
    query: number,
    rows: number,
    rowBytes: number,
    items: number,
    allowed: number,
    from: number,
    to: number,
    threshold: number,
    out: number,
  ): number
  addNormalEquations(
    task: number,
    from: number,
    to: number,
    panel: number,
    a: number,
    b: number,
  ): void
  factorise(a: number, size: number): number
  solveTransposed(r: number, b: number, size: number): void
  solveUpper(r: number, b: number, size: number): void
  addGram(table: number, from: number, to: number, size: number, a: number): void
  solveRows(side: number, from: number, to: number, scratch: number): number
  refineRows(side: number, from: number, to: number, steps: number, scratch: number): number
  addNormals(stream: bigint, y: number, count: number): void
  drawRows(side: number, from: number, to: number, scratch: number): number
  squaredErrors(side: number, from: number, to: number): number
  addFeatureMeans(features: number, from: number, to: number, isFirst: number): void
  drawFeatureNoise(features: number, from: number, to: number): void
  drawFeatures(features: number, fromByte: number, isFirst: number): void
  addPredictions(task: number, from: number, to: number): void
  crossTile(task: number, row: number, column: number): void
  addProducts(task: number, from: number, to: number): void
  addSubspaceGram(space: number, from: number, to: number, panel: number, out: number): void
  turnSubspace(space: number, from: number, to: number, panel: number): void
  multiplyRows(b: number, count: number, size: number, out: number): void
  solvePositive(a: number, count: number, b: number): void
  timesVector(b: number, count: number, size: number, x: number, out: number): void
  combineRows(b: number, count: number, size: number, x: number, out: number): void
}

const binary = new URL('./kernels.wasm', import.meta.url)

/** The compiled kernels, to be instantiated once for each thread. Fails where SIMD is missing. */
export async function compileKernels(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(binary))
}

let compiled: WebAssembly.Module | null | undefined

/**
 * The same at once, compiled in some milliseconds when this thread first asks for them; null where SIMD is
 * missing.
 */
export function kernelsAtOnce(): WebAssembly.Module | null {
  if (compiled === undefined)
    try {
      compiled = new WebAssembly.Module(readFileSync(binary))
    } catch (error) {
      // What could not be read now may be the next time; a module that is refused stays refused.
      if ((error as NodeJS.ErrnoException).code !== undefined) return null
      compiled = null
    }
  return compiled
}

/** The kernels over a memory. */
export function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels
}

/**
 * The floats of a row of `factors` numbers, a bias and its constant: the kernels want an odd number
 * of vectors of four. The bias's two places are the last.
 */
export function rowWidth(factors: number): number {
  return Math.ceil((factors + 2 + 4) / 8) * 8 - 4
}

/** Bytes in which `addSubspaceGram` and `turnSubspace` gather rows of `columns` numbers a table. */
export function subspacePanelBytes(columns: number): number {
  return 16 * 2 * columns * 8 + 16 * 8
}

/** Bytes in which `addNormalEquations` gathers 64 rows of `size` numbers, and weighted copies. */
export function panelBytes(size: number): number {
  return 2 * 64 * size * 4
}

/** Bytes in which `refineRows` has four vectors and gathers up to 1,024 rows of `size` numbers. */
export function refineBytes(size: number): number {
  return (3 + 1_024) * size * 4 + Math.max(size, 16) * 4
}
