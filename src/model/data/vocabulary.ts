import { type TextColumn, textAt, textColumn, textsOf } from './text-column.ts'

/** Distinct ids and a hash table over them: a string and arrays, which any thread can make. */
export type IdTable = TextColumn & {
  /** 1 + the id's index at its hash or behind (linear probing), else 0; a power of two of them. */
  readonly slots: Uint32Array
}

/** Tabulates ids; their order gives the indices. A RangeError where one stands twice. */
export function idTable(ids: TextColumn): IdTable {
  const size = ids.offsets.length - 1
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * size + 2)))
  const table = { ...ids, slots }
  for (let index = 0; index < size; index++) {
    const slot = slotOf(table, textAt(ids, index))
    if (slots[slot] !== 0) throw new RangeError('a vocabulary has an id twice')
    slots[slot] = index + 1
  }
  return table
}

/** Where the id stands among the slots, or the free one where it would. */
function slotOf({ text, offsets, slots }: IdTable, id: string): number {
  const mask = slots.length - 1
  let slot = hashOf(id) & mask
  for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
    const index = slots[slot]! - 1
    const from = offsets[index]!
    if (offsets[index + 1]! - from === id.length && isAt(text, from, id)) break
  }
  return slot
}

/** 32 bits of FNV-1a over the UTF-16 units, mixed once more for its low bits. */
function hashOf(id: string): number {
  let hash = 0x811c_9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x0100_0193)
  return hash ^ (hash >>> 15)
}

function isAt(text: string, from: number, id: string): boolean {
  for (let i = 0; i < id.length; i++)
    if (text.charCodeAt(from + i) !== id.charCodeAt(i)) return false
  return true
}

/** Outside ids (strings) to dense indices 0 … size−1 and back. Immutable. */
export class Vocabulary {
  /** The ids, one after the other. */
  readonly texts: TextColumn
  readonly size: number
  #table: IdTable | undefined
  #ids: readonly string[] | undefined

  /**
   * The ids must be distinct; their order gives the indices. A RangeError where a list of strings has
   * one twice; a column is known to have none, and tabulated when an id is first looked for.
   */
  constructor(ids: readonly string[] | TextColumn | IdTable) {
    this.texts = 'text' in ids ? ids : idTable(textColumn(ids))
    if ('slots' in this.texts) this.#table = this.texts as IdTable
    this.size = this.texts.offsets.length - 1
  }

  get table(): IdTable {
    this.#table ??= idTable(this.texts)
    return this.#table
  }

  /** All ids, in order. */
  get ids(): readonly string[] {
    this.#ids ??= textsOf(this.texts)
    return this.#ids
  }

  /** The id's index, or −1 when it is not known. */
  indexOf(id: string): number {
    const { table } = this
    return table.slots[slotOf(table, id)]! - 1
  }

  /** The id at an index; a RangeError outside 0 … size−1. */
  idOf(index: number): string {
    if (index >= 0 && index < this.size) return textAt(this.texts, index)
    throw new RangeError(`index ${index} is not in 0 … ${this.size - 1}`)
  }
}

/** Ids that are a whole number below this are looked up by it, which is faster than by text. */
const mostNumbers = 2 ** 22

/** Gives ids their indices in order of first sight. */
export class VocabularyBuilder {
  readonly #ids: string[] = []
  readonly #indexOf = new Map<string, number>()
  /** 1 + the index of the id that is this number; 0 where there is none yet. */
  #indexOfNumber = new Uint32Array(1_024)

  /** The id's index, a new one at first sight. */
  add(id: string): number {
    const number = wholeNumber(id)
    if (number >= 0) return this.#addNumber(number, id)
    const known = this.#indexOf.get(id)
    if (known !== undefined) return known
    const index = this.#ids.length
    this.#ids.push(id)
    this.#indexOf.set(id, index)
    return index
  }

  get size(): number {
    return this.#ids.length
  }

  /** The id's index, or −1 before its first sight. */
  indexOf(id: string): number {
    const number = wholeNumber(id)
    return number >= 0 ? (this.#indexOfNumber[number] ?? 0) - 1 : (this.#indexOf.get(id) ?? -1)
  }

  /** The id at an index that was given. */
  idOf(index: number): string {
    return this.#ids[index]!
  }

  #addNumber(number: number, id: string): number {
    if (number >= this.#indexOfNumber.length) {
      const larger = new Uint32Array(2 ** Math.ceil(Math.log2(number + 1)))
      larger.set(this.#indexOfNumber)
      this.#indexOfNumber = larger
    }
    const known = this.#indexOfNumber[number]!
    if (known > 0) return known - 1
    this.#indexOfNumber[number] = this.#ids.push(id)
    return this.#ids.length - 1
  }

  /** The vocabulary of the ids so far. */
  build(): Vocabulary {
    return new Vocabulary(textColumn(this.#ids))
  }
}

/** The whole number that an id is, as JSON writes it and below `mostNumbers`; else −1. */
export function wholeNumber(id: string): number {
  if (id.length > 7 || id.length === 0 || (id.length > 1 && id.charCodeAt(0) === 0x30)) return -1
  let number = 0
  for (let i = 0; i < id.length; i++) {
    const digit = id.charCodeAt(i) - 0x30
    if (!(digit >= 0 && digit <= 9)) return -1
    number = 10 * number + digit
  }
  return number < mostNumbers ? number : -1
}
