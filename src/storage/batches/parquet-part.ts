import { setImmediate } from 'node:timers/promises'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { ByteWriter, parquetWriteRows } from 'hyparquet-writer'
import { MarqueeError } from '../../errors.ts'

/** A row of a part: a movie of a list, or a prediction. */
export type PartRow = Readonly<Record<string, string | number | null>>

const text = (name: string, nullable = false) => ({ name, type: 'STRING' as const, nullable })
const real = (name: string, nullable = false) => ({ name, type: 'DOUBLE' as const, nullable })

/** The columns of the parts of a batch; of a movie that nobody knows a prediction has but the ids. */
const columnsOf = {
  lists: [
    ...[text('userId'), { name: 'rank', type: 'INT32' as const, nullable: false }],
    ...[text('movieId'), real('rating'), real('score'), text('basis')],
  ],
  predictions: [
    ...[text('userId'), text('movieId'), real('rating', true), text('basis', true)],
    ...[real('lowest', true), real('highest', true)],
  ],
}

/** So many rows are held as objects at once, while they are written or read. */
const rowGroupSize = 20_000

/** The bytes of a part in Parquet, its rows taken and compressed (Snappy) a group at a time. */
export async function parquetPart(
  what: keyof typeof columnsOf,
  rows: Iterable<PartRow> | AsyncIterable<PartRow>,
): Promise<Uint8Array> {
  const writer = new ByteWriter()
  await parquetWriteRows({ writer, rows, columns: columnsOf[what], rowGroupSize })
  return writer.getBytes()
}

/**
 * The part without the rows of such users, and how many rows and users these were; the part itself
 * where it has none of them; a `damaged-segment` error where it is no such part.
 */
export async function withoutRowsOf(
  isErased: (userId: string) => boolean,
  bytes: Uint8Array,
): Promise<{ readonly rest: Uint8Array[]; readonly lines: number; readonly users: number }> {
  const users = new Set<string>()
  let lines = 0
  const isGone = ({ userId }: PartRow) => isErased(String(userId))
  async function* kept() {
    for await (const rows of rowGroupsOf(bytes)) yield* rows.filter((row) => !isGone(row))
  }
  try {
    // Most parts have nobody who is erased, and the other columns are the larger share of the work.
    for await (const rows of rowGroupsOf(bytes, ['userId']))
      for (const row of rows.filter(isGone)) {
        users.add(String(row['userId']))
        lines += 1
      }
    if (lines === 0) return { rest: [bytes], lines, users: 0 }
    const isOfLists = metadataOf(bytes).schema.some(({ name }) => name === 'rank')
    const rest = await parquetPart(isOfLists ? 'lists' : 'predictions', kept())
    return { rest: [rest], lines, users: users.size }
  } catch (cause) {
    throw new MarqueeError('damaged-segment', 'A part of a batch is no Parquet.', { cause })
  }
}

/** The rows, a group at a time; between two what else waits in the process is done. */
async function* rowGroupsOf(bytes: Uint8Array, columns?: string[]): AsyncGenerator<PartRow[]> {
  const [file, metadata] = [bufferOf(bytes), metadataOf(bytes)]
  const rows = Number(metadata.num_rows)
  const some = columns && { columns }
  for (let rowStart = 0; rowStart < rows; rowStart += rowGroupSize) {
    const rowEnd = Math.min(rows, rowStart + rowGroupSize)
    yield (await parquetReadObjects({ file, metadata, rowStart, rowEnd, ...some })) as PartRow[]
    await setImmediate()
  }
}

function metadataOf(bytes: Uint8Array) {
  return parquetMetadata(bufferOf(bytes))
}

/** The bytes alone, of a buffer that may have others besides. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBuffer {
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
}
