/** Outside ids (strings) to dense indices 0 … size−1 and back. Immutable. */
export class Vocabulary {
  readonly ids: readonly string[]
  readonly #indexOf: ReadonlyMap<string, number>

  /** The ids must be distinct; their order gives the indices. */
  constructor(ids: readonly string[], indexOf?: ReadonlyMap<string, number>) {
    this.ids = ids
    this.#indexOf = indexOf ?? new Map(ids.map((id, index) => [id, index]))
    if (this.#indexOf.size !== ids.length) throw new RangeError('a vocabulary has an id twice')
  }

  get size(): number {
    return this.ids.length
  }

  /** The id's index, or −1 when it is not known. */
  indexOf(id: string): number {
    return this.#indexOf.get(id) ?? -1
  }

  /** The id at an index; a RangeError outside 0 … size−1. */
  idOf(index: number): string {
    const id = this.ids[index]
    if (id === undefined) throw new RangeError(`index ${index} is not in 0 … ${this.size - 1}`)
    return id
  }
}

/** Gives ids their indices in order of first sight. */
export class VocabularyBuilder {
  readonly #ids: string[] = []
  readonly #indexOf = new Map<string, number>()

  /** The id's index, a new one at first sight. */
  add(id: string): number {
    const known = this.#indexOf.get(id)
    if (known !== undefined) return known
    const index = this.#ids.length
    this.#ids.push(id)
    this.#indexOf.set(id, index)
    return index
  }

  /** The finished vocabulary; the builder must not be used after it. */
  build(): Vocabulary {
    return new Vocabulary(this.#ids, this.#indexOf)
  }
}
