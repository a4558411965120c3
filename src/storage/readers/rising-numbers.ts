import { countOf } from '../../numeric/search/bit-set.ts'

const pieceWords = 2_048
const pieceNumbers = 32 * pieceWords

/** Whole numbers from 0 on, each above the one before, in a bit each up to the highest. */
export class RisingNumbers {
  readonly #pieces: Uint32Array[] = []
  /** How many are in the pieces before each. */
  readonly #before: number[] = []
  #length = 0

  add(number: number): void {
    const piece = Math.floor(number / pieceNumbers)
    while (this.#pieces.length <= piece) {
      this.#pieces.push(new Uint32Array(pieceWords))
      this.#before.push(this.#length)
    }
    const at = number % pieceNumbers
    this.#pieces[piece]![at >>> 5]! |= 1 << (at & 31)
    this.#length += 1
  }

  /** The number at an index that there is. */
  at(index: number): number {
    let [piece, end] = [0, this.#pieces.length]
    while (end - piece > 1) {
      const middle = (piece + end) >>> 1
      if (this.#before[middle]! <= index) piece = middle
      else end = middle
    }
    const words = this.#pieces[piece]!
    let left = index - this.#before[piece]!
    for (let word = 0; ; word++) {
      const count = countOf(words.subarray(word, word + 1))
      if (left < count) return piece * pieceNumbers + 32 * word + bitAt(words[word]!, left)
      left -= count
    }
  }
}

/** Where the bit of an index stands among those of a word. */
function bitAt(word: number, index: number): number {
  let bits = word
  for (let i = 0; i < index; i++) bits &= bits - 1
  return 31 - Math.clz32(bits & -bits)
}
