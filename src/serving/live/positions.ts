import type { LivePosition } from '../../live/live-event.ts'
import { withRoom } from './columns.ts'

/** Gives epochs their numbers; there are as many as Redis was found empty. */
export class PositionIndex {
  readonly #epochs: string[] = []

  numberOf(epoch: string): number {
    const known = this.#epochs.lastIndexOf(epoch)
    return known >= 0 ? known : this.#epochs.push(epoch) - 1
  }

  epochOf(number: number): string {
    return this.#epochs[number]!
  }
}

/** A position in the order of events for each row; none where nothing was told. */
export class PositionColumn {
  readonly #positions: PositionIndex
  /** [rows] 0 for none */
  #seq = new Float64Array(1_024)
  #epoch = new Uint32Array(1_024)

  constructor(positions: PositionIndex) {
    this.#positions = positions
  }

  set(row: number, { epoch, seq }: LivePosition): void {
    this.#seq = withRoom(this.#seq, row)
    this.#epoch = withRoom(this.#epoch, row)
    this.#seq[row] = seq
    this.#epoch[row] = this.#positions.numberOf(epoch)
  }

  /** Null for none, and for −1. */
  at(row: number): LivePosition | null {
    const seq = this.#seq[row] ?? 0
    return seq === 0 ? null : { epoch: this.#positions.epochOf(this.#epoch[row]!), seq }
  }
}

/** Copies a position, where there is one, into a row of another column. */
export function copyPosition(
  from: PositionColumn,
  fromRow: number,
  to: PositionColumn,
  toRow: number,
): void {
  const position = from.at(fromRow)
  if (position) to.set(toRow, position)
}

/** The newest position of each epoch, up to which something knows the events. */
export type KnownEvents = ReadonlyMap<string, number>

/** Whether the event at a position is among those that are known. */
export function isKnownEvent(known: KnownEvents, { epoch, seq }: LivePosition): boolean {
  return seq <= (known.get(epoch) ?? 0)
}

/** A position as it stands in tags: one for all processes. */
export function positionText({ epoch, seq }: LivePosition): string {
  return `${epoch}-${seq}`
}
