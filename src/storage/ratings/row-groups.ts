import { bytesOf } from '../../model/file/safetensors.ts'
import type { ScratchFile } from '../readers/scratch-file.ts'

/** The columns of a group of rows. */
export type RowGroup = {
  readonly userIndex: Uint32Array
  readonly movieIndex: Uint32Array
  readonly rating: Float32Array
  readonly timestamp: Uint32Array
}
export type ColumnName = keyof RowGroup

const columns = ['userIndex', 'movieIndex', 'rating', 'timestamp'] as const
const bytesPerNumber = 4

export type RowGroupsOptions = {
  /** Rows of a group. */
  groupRows?: number
  /** So many full groups stay in memory: a million rows, 17 MB. */
  groupsInMemory?: number
}

/**
 * Collects rows in groups of one size, each of its columns by itself. Where a file is given, groups
 * behind the first few wait in it, so that memory does not grow with the rows.
 */
export class RowGroups {
  readonly #file: ScratchFile | null
  readonly #groupRows: number
  readonly #groupsInMemory: number
  /** The first groups, all full but the last one where no group is in the file. */
  readonly #inMemory: RowGroup[] = []
  /** Where the groups in the file begin. */
  readonly #inFile: number[] = []
  #memory = new ArrayBuffer(0)
  #open: RowGroup
  #filled = 0

  constructor(
    file: ScratchFile | null = null,
    { groupRows = 65_536, groupsInMemory = 16 }: RowGroupsOptions = {},
  ) {
    this.#file = file
    this.#groupRows = groupRows
    this.#groupsInMemory = groupsInMemory
    this.#open = this.#newGroup()
  }

  get length(): number {
    return (this.#inMemory.length + this.#inFile.length) * this.#groupRows + this.#filled
  }

  add(user: number, movie: number, rating: number, timestamp: number): void {
    if (this.#filled === this.#groupRows) this.#beginNext()
    const row = this.#filled++
    this.#open.userIndex[row] = user
    this.#open.movieIndex[row] = movie
    this.#open.rating[row] = rating
    this.#open.timestamp[row] = timestamp
  }

  /** A column from its first row to its last; a piece stays as it is until the next is asked for. */
  pieces<Name extends ColumnName>(name: Name): Iterable<RowGroup[Name]> {
    return { [Symbol.iterator]: () => this.#piecesOf(name) }
  }

  *#piecesOf<Name extends ColumnName>(name: Name): Generator<RowGroup[Name], undefined> {
    for (const group of this.#inMemory) yield group[name]
    if (this.#inFile.length > 0) {
      const read = this.#groupIn(new ArrayBuffer(this.#memory.byteLength))[name]
      for (const position of this.#inFile) {
        this.#file!.read(bytesOf(read), position + read.byteOffset)
        yield read
      }
    }
    yield this.#open[name].subarray(0, this.#filled) as RowGroup[Name]
    return undefined
  }

  #beginNext(): void {
    this.#filled = 0
    if (this.#file !== null && this.#inMemory.length >= this.#groupsInMemory) {
      this.#inFile.push(this.#file.append(new Uint8Array(this.#memory)))
      return
    }
    this.#inMemory.push(this.#open)
    this.#open = this.#newGroup()
  }

  #newGroup(): RowGroup {
    this.#memory = new ArrayBuffer(this.#groupRows * bytesPerNumber * columns.length)
    return this.#groupIn(this.#memory)
  }

  #groupIn(memory: ArrayBuffer): RowGroup {
    const [rows, size] = [this.#groupRows, this.#groupRows * bytesPerNumber]
    return {
      userIndex: new Uint32Array(memory, 0, rows),
      movieIndex: new Uint32Array(memory, size, rows),
      rating: new Float32Array(memory, 2 * size, rows),
      timestamp: new Uint32Array(memory, 3 * size, rows),
    }
  }
}

/** Pieces as one array. */
export function joined<T extends Uint32Array | Float32Array>(pieces: Iterable<T>, whole: T): T {
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
