import { MarqueeError } from '../../errors.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import { Vocabulary, VocabularyBuilder } from '../../model/data/vocabulary.ts'
import { isFloat, plainIds } from '../readers/plain-ids.ts'

const initialRows = 1_024
/** A vocabulary is one text, and the longest text of V8 four times as long. */
const longestIds = 2 ** 27
/** V8 copies a shorter slice; a longer one keeps the text that it was cut from in memory. */
const longestCopiedSlice = 12

/** Collects ratings row by row in typed arrays that double when they are full. */
export class RatingColumns {
  readonly #users = new VocabularyBuilder()
  readonly #movies = new VocabularyBuilder()
  #userIndex = new Uint32Array(initialRows)
  #movieIndex = new Uint32Array(initialRows)
  #rating = new Float32Array(initialRows)
  #timestamp = new Uint32Array(initialRows)
  #rows = 0
  #lastUserId = ''
  #lastUserIndex = -1
  readonly #longestIds: number
  #userUnits = 0
  #movieUnits = 0

  /** All ids of users together, and all of movies, may have so many UTF-16 units. */
  constructor(mostUnits = longestIds) {
    this.#longestIds = mostUnits
  }

  /** Adds a row; a `too-large` error where the ids become too long in all, nothing else is checked. */
  add(userId: string, movieId: string, rating: number, timestamp: number): void {
    if (this.#rows === this.#rating.length) this.#grow()
    // Files are mostly in order of users.
    if (userId !== this.#lastUserId || this.#lastUserIndex < 0) {
      this.#lastUserId = ownCopy(userId)
      const before = this.#users.size
      this.#lastUserIndex = this.#users.add(this.#lastUserId)
      if (this.#users.size > before) {
        this.#userUnits += userId.length
        this.#checkLength(this.#userUnits)
      }
    }
    this.#userIndex[this.#rows] = this.#lastUserIndex
    const before = this.#movies.size
    this.#movieIndex[this.#rows] = this.#movies.add(ownCopy(movieId))
    if (this.#movies.size > before) {
      this.#movieUnits += movieId.length
      this.#checkLength(this.#movieUnits)
    }
    this.#rating[this.#rows] = rating
    this.#timestamp[this.#rows] = timestamp
    this.#rows += 1
  }

  /** The rows as views of the columns; nothing may be added after it. */
  build(): Ratings {
    return {
      users: plain(this.#users.build()),
      movies: plain(this.#movies.build()),
      userIndex: this.#userIndex.subarray(0, this.#rows),
      movieIndex: this.#movieIndex.subarray(0, this.#rows),
      rating: this.#rating.subarray(0, this.#rows),
      timestamp: this.#timestamp.subarray(0, this.#rows),
    }
  }

  #checkLength(units: number): void {
    if (units <= this.#longestIds) return
    const most = this.#longestIds
    throw new MarqueeError('too-large', `The different ids have more than ${most} characters.`)
  }

  #grow(): void {
    this.#userIndex = doubled(this.#userIndex, Uint32Array)
    this.#movieIndex = doubled(this.#movieIndex, Uint32Array)
    this.#rating = doubled(this.#rating, Float32Array)
    this.#timestamp = doubled(this.#timestamp, Uint32Array)
  }
}

function plain(vocabulary: Vocabulary): Vocabulary {
  // Most files show by their first id that there is nothing to do.
  if (vocabulary.size === 0 || !isFloat(vocabulary.idOf(0))) return vocabulary
  const ids = plainIds(vocabulary.ids)
  return ids === null ? vocabulary : new Vocabulary(ids)
}

function doubled<T extends Uint32Array | Float32Array>(array: T, type: new (size: number) => T): T {
  const larger = new type(array.length * 2)
  larger.set(array)
  return larger
}

function ownCopy(id: string): string {
  return id.length <= longestCopiedSlice ? id : Buffer.from(id, 'utf8').toString('utf8')
}
