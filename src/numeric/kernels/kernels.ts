import { readFile } from 'node:fs/promises'

/** What `npm run kernels` compiles from `assembly/`; the sources there say what each does. */
export type Kernels = {
  stepPerRating(
    userIndex: number,
    movieIndex: number,
    rating: number,
    from: number,
    to: number,
    userRows: number,
    movieRows: number,
    rowBytes: number,
    userScale: number,
    movieScale: number,
    rate: number,
    weightDecay: number,
    lowest: number,
    span: number,
  ): number
  stepPerBatch(epoch: number, from: number, to: number, leaves: number): number
  settleAll(epoch: number, to: number, leaves: number): void
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
    index: number,
    weight: number,
    target: number,
    from: number,
    to: number,
    table: number,
    size: number,
    offsetAt: number,
    panel: number,
    a: number,
    b: number,
  ): void
  factorise(a: number, size: number): number
  solveTransposed(r: number, b: number, size: number): void
  solveUpper(r: number, b: number, size: number): void
  addGram(table: number, from: number, to: number, size: number, a: number): void
  solveRows(
    from: number,
    to: number,
    start: number,
    index: number,
    weight: number,
    target: number,
    diagonal: number,
    table: number,
    solved: number,
    size: number,
    gram: number,
    panel: number,
    a: number,
  ): number
  addNormals(stream: bigint, y: number, count: number): void
  drawRows(side: number, from: number, to: number, scratch: number): number
  addFeatureMeans(group: number, from: number, to: number, isFirst: number): void
  drawFeatureNoise(group: number, from: number, to: number): void
  drawFeatures(group: number, from: number): void
  squaredErrors(side: number, from: number, to: number): number
  addPredictions(
    users: number,
    movies: number,
    userIndex: number,
    movieIndex: number,
    sum: number,
    from: number,
    to: number,
    size: number,
    factors: number,
  ): void
  crossTile(
    left: number,
    leftBytes: number,
    right: number,
    rightBytes: number,
    rows: number,
    out: number,
    outBytes: number,
  ): void
  addProducts(
    left: number,
    leftBytes: number,
    places: number,
    right: number,
    out: number,
    outBytes: number,
    from: number,
    to: number,
  ): void
}

/** The compiled kernels, to be instantiated once for each thread. Fails where SIMD is missing. */
export async function compileKernels(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(new URL('./kernels.wasm', import.meta.url)))
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

/** The bytes of scratch in which `addNormalEquations` gathers 64 rows of `size` numbers, and their weighted copies. */
export function panelBytes(size: number): number {
  return 2 * 64 * size * 4
}
