/**
 * Working memory for a computation that comes often: memory outside of V8's heap, where all but the
 * smallest arrays are, costs more than what is computed in it.
 */
export type Scratch = {
  /**
   * Arrays of these lengths, which hold anything. They are the caller's until the next call, so nobody may
   * keep them, nor wait for anything meanwhile.
   */
  take<const Lengths extends readonly number[]>(
    ...lengths: Lengths
  ): { -readonly [Place in keyof Lengths]: Float64Array }
}

export function createScratch(): Scratch {
  let { buffer } = new Float64Array(1_024)
  return {
    take(...lengths) {
      const bytes = 8 * lengths.reduce((sum, length) => sum + length, 0)
      if (bytes > buffer.byteLength) buffer = new ArrayBuffer(bytes)
      let at = 0
      return lengths.map((length) => {
        const taken = new Float64Array(buffer, at, length)
        at += 8 * length
        return taken
      }) as never
    },
  }
}
