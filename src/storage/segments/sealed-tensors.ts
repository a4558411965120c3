import { createHash, type Hash } from 'node:crypto'
import { MarqueeError } from '../../errors.ts'
import type { TextColumn } from '../../model/data/text-column.ts'
import { idTable, Vocabulary } from '../../model/data/vocabulary.ts'
import {
  decodeHeader,
  decodeTensors,
  describeTensors,
  encodeHeader,
  encodeTensors,
  type Tensor,
  type TensorData,
} from '../../model/file/safetensors.ts'
import { decodeText } from '../../model/file/text-tensors.ts'
import type { TensorFacts } from '../../model/report.ts'
import { excerpt } from '../readers/excerpt.ts'

/** The `format` in the metadata of a segment. */
export type SealedFormat = 'marquee-ratings' | 'marquee-movies' | 'marquee-users'

/** Further metadata of a segment, such as the record of its import. */
export type Notes = Readonly<Record<string, string>>

const textOf = (name: string) => [`${name}.offsets`, `${name}.bytes`]
/** The tensors that a segment may have. */
const known: Readonly<Record<SealedFormat, readonly string[]>> = {
  'marquee-ratings': [
    ...['user_index', 'movie_index', 'rating', 'timestamp', 'told', 'event_offset'],
    ...['erased.user_index', 'erased.told', 'erased.event_offset'],
    ...[...textOf('user_ids'), ...textOf('movie_ids')],
  ],
  'marquee-movies': [
    ...['year', 'flags'],
    ...['ids', 'titles', 'genres', 'imdbId', 'tmdbId'].flatMap(textOf),
  ],
  'marquee-users': [...textOf('ids'), ...textOf('values'), 'has_offsets', 'has'],
}
const version = '1'
/** Names of metadata that every segment has. */
const own = ['format', 'version', 'sha256']

/**
 * A tensor file whose metadata say what it is:
 *
 *   format    marquee-ratings, marquee-movies or marquee-users
 *   version   1
 *   sha256    of what `notes` adds, and everything after the header, in hexadecimal
 *   …         what `notes` adds
 */
export function sealTensors(
  format: SealedFormat,
  tensors: ReadonlyMap<string, Tensor>,
  notes: Notes = {},
): Uint8Array[] {
  const [, ...parts] = encodeTensors(tensors)
  return [...sealPieces(format, describeTensors(tensors), parts, notes)]
}

/**
 * The same of tensors whose bytes come in pieces, one after the other in the order of their facts,
 * and which are gone through once for the checksum.
 */
export function sealPieces(
  format: SealedFormat,
  facts: readonly TensorFacts[],
  pieces: Iterable<Uint8Array>,
  notes: Notes = {},
): Iterable<Uint8Array> {
  const hash = hashOfNotes(notes)
  for (const piece of pieces) hash.update(piece)
  const metadata = { ...notes, format, version, sha256: hash.digest('hex') }
  const header = encodeHeader(facts, metadata)
  return {
    *[Symbol.iterator]() {
      yield header
      yield* pieces
    },
  }
}

/** The tensors of a segment; a `damaged-segment` error says why it is not what was sealed. */
export function openTensors(
  format: SealedFormat,
  bytes: Uint8Array,
  key: string,
): ReadonlyMap<string, Tensor> {
  const { tensors, metadata } = sound(key, () => decodeTensors(bytes))
  const { format: foundFormat, version: foundVersion, sha256, ...notes } = metadata
  if (foundFormat !== format) throw damaged(key, `Got format ${foundFormat}, expected ${format}.`)
  if (foundVersion !== version)
    throw damaged(key, `Got version ${foundVersion}, expected ${version}.`)
  if (sha256 !== hashOf(notes, bytes))
    throw damaged(key, 'Its checksum does not match: bytes were changed after it was written.')
  // Names stand in the header, which is not hashed.
  const unknown = [...tensors.keys()].find((name) => !known[format].includes(name))
  if (unknown !== undefined) throw damaged(key, `It has a tensor ${excerpt(unknown)}.`)
  return tensors
}

/** The checksum of a segment by its header, and the hash that its rest is to be added to. */
export function sealOf(
  header: Uint8Array,
  key: string,
): { sha256: string | undefined; hash: Hash } {
  const { sha256, ...notes } = sound(key, () => decodeHeader(header)).metadata
  return { sha256, hash: hashOfNotes(notes) }
}

/** The metadata of a segment, for one that takes its place. */
export function notesIn(bytes: Uint8Array): Notes {
  return decodeHeader(bytes).metadata
}

/** A tensor's data as the type that it must have, and the length where that is known. */
export function column<T extends TensorData>(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
  type: abstract new (...parts: never[]) => T,
  key: string,
  length?: number,
): T {
  const data = tensors.get(name)?.data
  if (!(data instanceof type)) throw damaged(key, `It has no ${type.name} "${name}".`)
  if (length !== undefined && data.length !== length)
    throw damaged(key, `"${name}" has ${data.length} rows, expected ${length}.`)
  return data
}

/** Strings of a segment; a `damaged-segment` error where they are none. */
export function texts(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
  key: string,
  count?: number,
): TextColumn {
  const length = count === undefined ? undefined : count + 1
  const offsets = column(tensors, `${name}.offsets`, Uint32Array, key, length)
  return sound(key, () => decodeText(offsets, column(tensors, `${name}.bytes`, Uint8Array, key)))
}

/** Ids of a segment, of which none may stand twice. */
export function vocabulary(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
  key: string,
): Vocabulary {
  return sound(key, () => new Vocabulary(idTable(texts(tensors, name, key))))
}

/** What is made of a segment; whatever it throws is the segment's. */
function sound<T>(key: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (error instanceof MarqueeError && error.code === 'damaged-segment') throw error
    throw damaged(key, `${error instanceof Error ? error.message : error}.`, error)
  }
}

/** The error about a segment that cannot be used. */
export function damaged(key: string, what: string, cause?: unknown): MarqueeError {
  return new MarqueeError('damaged-segment', `The segment ${key} cannot be read. ${what}`, {
    cause,
  })
}

/** Without notes, as in segments of earlier releases, there is nothing to hash yet. */
function hashOfNotes(notes: Notes): Hash {
  const hash = createHash('sha256')
  const entries = Object.entries(notes).filter(([name]) => !own.includes(name))
  return entries.length === 0 ? hash : hash.update(JSON.stringify(entries.sort()))
}

function hashOf(notes: Notes, bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const dataStart = 8 + Number(view.getBigUint64(0, true))
  return hashOfNotes(notes).update(bytes.subarray(dataStart)).digest('hex')
}
