/**
 * A shared memory of one size from its start, cut into arrays. An address is a byte offset in it.
 */
export type Arena = {
  readonly memory: WebAssembly.Memory
  /** All of it, for structs. */
  readonly view: DataView
  u32(address: number, length: number): Uint32Array
  f32(address: number, length: number): Float32Array
  f64(address: number, length: number): Float64Array
}

/** Sums up what will be in the memory, then makes it. */
export type ArenaPlan = {
  /** Room for this many bytes on a cache line of its own, and the 64 bytes after it. */
  take(bytes: number): number
  readonly sizeBytes: number
  /** A RangeError beyond 4 GiB, which is all that a kernel can address. */
  create(): Arena
}

const pageBytes = 65_536
const maxPages = 65_536

/** An empty plan; the first page belongs to the kernels' constants. */
export function planArena(): ArenaPlan {
  let end = pageBytes
  return {
    take(bytes) {
      const address = end
      end += Math.ceil(bytes / 64) * 64 + 64
      return address
    },
    get sizeBytes() {
      return end
    },
    create() {
      const pages = Math.ceil(end / pageBytes)
      if (pages > maxPages) throw new RangeError(`${end} bytes are more than the 4 GiB of a memory`)
      // It never grows: a view taken before would be stale, and in other threads too.
      const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
      return {
        memory,
        view: new DataView(memory.buffer),
        u32: (address, length) => new Uint32Array(memory.buffer, address, length),
        f32: (address, length) => new Float32Array(memory.buffer, address, length),
        f64: (address, length) => new Float64Array(memory.buffer, address, length),
      }
    },
  }
}
