import { randomBytes } from 'node:crypto'
import { textColumn } from './text-column.ts'
import { Vocabulary, wholeNumber } from './vocabulary.ts'

/** The lower bits of a slot are 1 + the index of its id, the upper ones a part of its hash. */
const indexBits = 27
const indexMask = 2 ** indexBits - 1
/** So many offsets are a piece. */
const offsetBits = 16
const offsetMask = 2 ** offsetBits - 1
const encoder = new TextEncoder()

export type IdCollectorOptions = {
  /** The bytes of a piece, as a power of two. */
  pieceBits?: number
  /** Where hashing starts; at random, so that no file can be made of ids that share a hash. */
  seed?: number
}

/**
 * Gives ids their indices in order of first sight, as a map from strings would, in some ten bytes
 * each besides those of their texts: UTF-8 in pieces, which are never copied to grow, offsets, and a
 * hash table of 32 bits a slot. A RangeError at more than 2^27 ids.
 */
export class IdCollector {
  readonly #pieceBits: number
  readonly #seed: number
  readonly #pieces: Uint8Array[] = []
  /** Where the i-th id begins, and behind the last one the length of all, in pieces. */
  readonly #offsets: Uint32Array[] = [new Uint32Array(2 ** offsetBits)]
  #size = 0
  #bytes = 0
  #isAscii = true
  #slots = new Uint32Array(1_024)
  #inSlots = 0
  /** 1 + the index of the id that is this number; 0 where there is none yet. */
  #indexOfNumber = new Uint32Array(1_024)
  /** The bytes of the id at hand. */
  #id = new Uint8Array(1_024)

  constructor({ pieceBits = 20, seed = randomBytes(4).readInt32LE() }: IdCollectorOptions = {}) {
    this.#pieceBits = pieceBits
    this.#seed = seed
  }

  get size(): number {
    return this.#size
  }

  /** The index of an id, a well-formed text, a new one at first sight. */
  add(id: string): number {
    const number = wholeNumber(id)
    if (number >= 0) return this.#addNumber(number, id)
    const length = this.#encode(id)
    const hash = this.#hashOf(this.#id, 0, length)
    const slot = this.#slotOf(hash, length)
    const known = this.#slots[slot]!
    if (known !== 0) return (known & indexMask) - 1
    const index = this.#append(length)
    this.#slots[slot] = ((hash >>> indexBits) << indexBits) | (index + 1)
    this.#inSlots += 1
    if (3 * this.#inSlots > 2 * this.#slots.length) this.#growSlots()
    return index
  }

  /** The id at an index that was given. */
  idOf(index: number): string {
    const from = this.#offsetOf(index)
    const bytes = Uint8Array.from({ length: this.#offsetOf(index + 1) - from }, (_, i) =>
      this.#byteAt(from + i),
    )
    return Buffer.from(bytes.buffer).toString(this.#isAscii ? 'latin1' : 'utf8')
  }

  /** Nothing is added any more: what only finds ids is let go. */
  close(): void {
    this.#slots = new Uint32Array(0)
    this.#indexOfNumber = new Uint32Array(0)
  }

  /** How many bytes of UTF-8 the ids have in all. */
  get byteLength(): number {
    return this.#bytes
  }

  /** The bytes of all ids, one after the other. */
  *bytePieces(): Generator<Uint8Array> {
    const size = 2 ** this.#pieceBits
    for (const [i, piece] of this.#pieces.entries())
      yield piece.subarray(0, Math.min(size, this.#bytes - i * size))
  }

  /** [size + 1] where each begins among the bytes, and their number. */
  *offsetPieces(): Generator<Uint32Array> {
    for (const [i, piece] of this.#offsets.entries())
      yield piece.subarray(0, Math.min(piece.length, this.#size + 1 - i * piece.length))
  }

  /** The vocabulary of the ids so far. */
  build(): Vocabulary {
    if (!this.#isAscii)
      return new Vocabulary(textColumn(Array.from({ length: this.#size }, (_, i) => this.idOf(i))))
    const texts = [...this.bytePieces()].map((piece) => Buffer.from(piece).toString('latin1'))
    const offsets = new Uint32Array(this.#size + 1)
    let at = 0
    for (const piece of this.offsetPieces()) {
      offsets.set(piece, at)
      at += piece.length
    }
    return new Vocabulary({ text: texts.join(''), offsets })
  }

  #addNumber(number: number, id: string): number {
    if (number >= this.#indexOfNumber.length) {
      const larger = new Uint32Array(2 ** Math.ceil(Math.log2(number + 1)))
      larger.set(this.#indexOfNumber)
      this.#indexOfNumber = larger
    }
    const known = this.#indexOfNumber[number]!
    if (known > 0) return known - 1
    const index = this.#append(this.#encode(id))
    this.#indexOfNumber[number] = index + 1
    return index
  }

  /** Makes `#id` the bytes of an id; gives how many they are. */
  #encode(id: string): number {
    if (3 * id.length > this.#id.length) this.#id = new Uint8Array(6 * id.length)
    for (let i = 0; i < id.length; i++) {
      const unit = id.charCodeAt(i)
      if (unit > 0x7f) {
        this.#isAscii = false
        return encoder.encodeInto(id, this.#id).written
      }
      this.#id[i] = unit
    }
    return id.length
  }

  /** Adds the bytes in `#id` as a new id; gives its index. */
  #append(length: number): number {
    const index = this.#size
    if (index + 1 >= indexMask) throw new RangeError(`more than ${indexMask - 1} ids`)
    const mask = 2 ** this.#pieceBits - 1
    for (let i = 0; i < length; i++) {
      const at = this.#bytes + i
      const piece = at >>> this.#pieceBits
      if (piece === this.#pieces.length) this.#pieces.push(new Uint8Array(mask + 1))
      this.#pieces[piece]![at & mask] = this.#id[i]!
    }
    this.#bytes += length
    this.#size += 1
    const end = this.#size >>> offsetBits
    if (end === this.#offsets.length) this.#offsets.push(new Uint32Array(2 ** offsetBits))
    this.#offsets[end]![this.#size & offsetMask] = this.#bytes
    return index
  }

  #offsetOf(index: number): number {
    return this.#offsets[index >>> offsetBits]![index & offsetMask]!
  }

  #byteAt(at: number): number {
    return this.#pieces[at >>> this.#pieceBits]![at & (2 ** this.#pieceBits - 1)]!
  }

  /** Where the id in `#id` stands among the slots, or the free one where it would. */
  #slotOf(hash: number, length: number): number {
    const mask = this.#slots.length - 1
    const tag = hash >>> indexBits
    let slot = placeOf(hash) & mask
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const found = this.#slots[slot]!
      if (found >>> indexBits === tag && this.#isAt((found & indexMask) - 1, length)) break
    }
    return slot
  }

  /** Whether the id of an index is the one in `#id`. */
  #isAt(index: number, length: number): boolean {
    const from = this.#offsetOf(index)
    if (this.#offsetOf(index + 1) - from !== length) return false
    const mask = 2 ** this.#pieceBits - 1
    const at = from & mask
    if (at + length > mask + 1) {
      for (let i = 0; i < length; i++) if (this.#byteAt(from + i) !== this.#id[i]) return false
      return true
    }
    const piece = this.#pieces[from >>> this.#pieceBits]!
    for (let i = 0; i < length; i++) if (piece[at + i] !== this.#id[i]) return false
    return true
  }

  #growSlots(): void {
    const larger = new Uint32Array(2 * this.#slots.length)
    const mask = larger.length - 1
    for (const entry of this.#slots) {
      if (entry === 0) continue
      const index = (entry & indexMask) - 1
      let slot = placeOf(this.#hashOfStored(index)) & mask
      while (larger[slot] !== 0) slot = (slot + 1) & mask
      larger[slot] = entry
    }
    this.#slots = larger
  }

  #hashOfStored(index: number): number {
    const from = this.#offsetOf(index)
    const length = this.#offsetOf(index + 1) - from
    const at = from & (2 ** this.#pieceBits - 1)
    if (at + length <= 2 ** this.#pieceBits)
      return this.#hashOf(this.#pieces[from >>> this.#pieceBits]!, at, length)
    if (length > this.#id.length) this.#id = new Uint8Array(length)
    for (let i = 0; i < length; i++) this.#id[i] = this.#byteAt(from + i)
    return this.#hashOf(this.#id, 0, length)
  }

  /** 32 bits of FNV-1a, the upper mixed into the lower ones so that the seed matters to all. */
  #hashOf(bytes: Uint8Array, from: number, length: number): number {
    let hash = this.#seed
    for (let i = from; i < from + length; i++) {
      hash = Math.imul(hash ^ bytes[i]!, 0x0100_0193)
      hash ^= hash >>> 15
    }
    return hash
  }
}

/** A hash mixed once more for its low bits. */
function placeOf(hash: number): number {
  return (hash ^ (hash >>> 15)) >>> 0
}
