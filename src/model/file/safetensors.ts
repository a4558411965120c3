import { MarqueeError } from '../../errors.ts'
import type { TensorFacts } from '../report.ts'

/**
 * The safetensors format (https://github.com/huggingface/safetensors#format), little-endian:
 *
 *   bytes 0–7        u64   N, the length of the header
 *   bytes 8 … 8+N    JSON  { "__metadata__": {string: string},
 *                            name: {dtype, shape, data_offsets: [from, to]} … }, padded with spaces
 *   the rest               the tensors, in C order, without holes or overlaps
 *
 * This reader also wants every tensor aligned to its element size, which its own writer ensures by
 * laying tensors out from the widest element to the narrowest.
 */
export type Tensor = { readonly shape: readonly number[]; readonly data: TensorData }
export type TensorData = Float64Array | Float32Array | Uint32Array | Int16Array | Uint8Array
export type TensorFile = {
  readonly tensors: ReadonlyMap<string, Tensor>
  readonly metadata: Readonly<Record<string, string>>
}

const maxHeaderBytes = 1_000_000
const dtypes = {
  F64: Float64Array,
  F32: Float32Array,
  U32: Uint32Array,
  I16: Int16Array,
  U8: Uint8Array,
} as const
type Dtype = keyof typeof dtypes

/** The file as parts to be written one after the other; the tensors' own memory is not copied. */
export function encodeTensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  for (const [name, { shape, data }] of tensors)
    if (data.length !== elementCount(shape))
      throw new RangeError(`tensor ${name} has ${data.length} elements, its shape says otherwise`)
  return [
    encodeHeader(describeTensors(tensors), metadata),
    ...inFileOrder(tensors).map(([, { data }]) => bytesOf(data)),
  ]
}

/** What stands in a file before its tensors, which follow in this order. */
export function encodeHeader(
  tensors: readonly TensorFacts[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  // Without a prototype, so that a tensor may be named __proto__.
  const header: Record<string, unknown> = Object.create(null)
  header['__metadata__'] = metadata
  let offset = 0
  for (const { name, dtype, shape, sizeBytes } of tensors) {
    if (name === '__metadata__') throw new RangeError('no tensor may be named __metadata__')
    header[name] = { dtype, shape, data_offsets: [offset, offset + sizeBytes] }
    offset += sizeBytes
  }
  const json = JSON.stringify(header)
  const padded = new TextEncoder().encode(json)
  const length = Math.ceil(padded.length / 8) * 8
  const head = new Uint8Array(8 + length).fill(0x20)
  new DataView(head.buffer).setBigUint64(0, BigInt(length), true)
  head.set(padded, 8)
  return head
}

/** The bytes of an array, which is not copied. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/**
 * Name, type, shape and size of each tensor, as the header of the file gives them, in its order.
 */
export function describeTensors(tensors: ReadonlyMap<string, Tensor>): TensorFacts[] {
  return inFileOrder(tensors).map(([name, { shape, data }]) => {
    return { name, dtype: dtypeOf(data), shape: [...shape], sizeBytes: data.byteLength }
  })
}

/** The widest elements first, so that each tensor is aligned. */
function inFileOrder(tensors: ReadonlyMap<string, Tensor>): [string, Tensor][] {
  return [...tensors].sort((a, b) => b[1].data.BYTES_PER_ELEMENT - a[1].data.BYTES_PER_ELEMENT)
}

/**
 * Reads a file whole; an `invalid-model` error says what is wrong with it. Views share its memory.
 */
export function decodeTensors(bytes: Uint8Array): TensorFile {
  const { header, dataStart } = readHeader(bytes)
  const tensors = new Map<string, Tensor>()
  let metadata: Record<string, string> = {}
  const spans: { name: string; from: number; to: number }[] = []

  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') {
      metadata = readMetadata(entry)
      continue
    }
    const { dtype, shape, from, to } = readEntry(name, entry)
    const size = elementCount(shape) * dtypes[dtype].BYTES_PER_ELEMENT
    if (!Number.isSafeInteger(size) || to - from !== size)
      throw damaged(`tensor "${name}" has ${to - from} bytes, its shape needs ${size}`)
    if (dataStart + to > bytes.length)
      throw damaged(
        `tensor "${name}" ends at byte ${dataStart + to}, the file at ${bytes.length}: it is cut short`,
      )
    spans.push({ name, from, to })
    tensors.set(name, { shape, data: view(bytes, dataStart + from, size, dtype, name) })
  }

  let expected = 0
  for (const { name, from, to } of spans.sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== expected)
      throw damaged(`tensor "${name}" starts at ${from}, expected ${expected}: holes or overlaps`)
    expected = to
  }
  if (dataStart + expected !== bytes.length)
    throw damaged(`the tensors end at byte ${dataStart + expected}, the file at ${bytes.length}`)
  return { tensors, metadata }
}

/** Bytes of a file from its start that are enough for its header; `head` are its first eight. */
export function headerEnd(head: Uint8Array): number {
  if (head.length < 8) throw damaged(`the file has ${head.length} bytes, expected at least 8`)
  const length = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true)
  return 8 + Number(length < BigInt(maxHeaderBytes) ? length : BigInt(maxHeaderBytes))
}

/** Metadata and shapes of a file from its header alone; errors as of `decodeTensors`. */
export function decodeHeader(bytes: Uint8Array): {
  metadata: Readonly<Record<string, string>>
  shapes: ReadonlyMap<string, readonly number[]>
} {
  const { __metadata__: metadata = {}, ...entries } = readHeader(bytes).header
  const shapes = Object.entries(entries).map(
    ([name, entry]) => [name, readEntry(name, entry).shape] as const,
  )
  return { metadata: readMetadata(metadata), shapes: new Map(shapes) }
}

function readHeader(bytes: Uint8Array) {
  if (bytes.length < 8) throw damaged(`the file has ${bytes.length} bytes, expected at least 8`)
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
  if (length > BigInt(Math.min(maxHeaderBytes, bytes.length - 8)))
    throw damaged(`the header claims ${length} bytes of a file of ${bytes.length}`)
  const dataStart = 8 + Number(length)
  if (bytes[8] !== 0x7b) throw damaged('the header does not start with "{"')
  const text = decodeUtf8(bytes.subarray(8, dataStart))
  let header: unknown
  let canonical: string
  try {
    header = JSON.parse(text)
    // In here as well: it throws where values are nested too deep for it.
    canonical = JSON.stringify(header)
  } catch {
    throw damaged('the header is not JSON')
  }
  if (!isRecord(header)) throw damaged('the header is not an object')
  // JSON.parse keeps the last of two equal names; the writer's own spelling shows it.
  if (canonical !== text.trimEnd())
    throw damaged('the header is not in canonical JSON: a name may stand twice')
  return { header, dataStart }
}

function readMetadata(entry: unknown): Record<string, string> {
  if (!isRecord(entry) || !Object.values(entry).every((value) => typeof value === 'string'))
    throw damaged('"__metadata__" is not a map of strings')
  return entry as Record<string, string>
}

function readEntry(name: string, entry: unknown) {
  if (!isRecord(entry)) throw damaged(`tensor "${name}" is not described by an object`)
  const { dtype, shape, data_offsets: span } = entry
  if (typeof dtype !== 'string' || !Object.hasOwn(dtypes, dtype))
    throw damaged(
      `tensor "${name}" has dtype ${String(dtype)}, expected ${Object.keys(dtypes).join(', ')}`,
    )
  if (!isCounts(shape)) throw damaged(`tensor "${name}" has a shape that is not a list of sizes`)
  const [from, to] = isCounts(span) && span.length === 2 ? span : []
  if (from === undefined || to === undefined || from > to)
    throw damaged(`tensor "${name}" has data_offsets that are not [from, to]`)
  return { dtype: dtype as Dtype, shape, from, to }
}

function view(bytes: Uint8Array, start: number, size: number, dtype: Dtype, name: string) {
  const array = dtypes[dtype]
  const at = bytes.byteOffset + start
  if (start % array.BYTES_PER_ELEMENT !== 0) throw damaged(`tensor "${name}" is not aligned`)
  // A typed array's own constructor copies, where the `slice` of a Buffer would not.
  if (at % array.BYTES_PER_ELEMENT !== 0)
    return new array(new Uint8Array(bytes.subarray(start, start + size)).buffer)
  return new array(bytes.buffer as ArrayBuffer, at, size / array.BYTES_PER_ELEMENT)
}

function dtypeOf(data: TensorData): Dtype {
  for (const [name, array] of Object.entries(dtypes))
    if (data instanceof array) return name as Dtype
  throw new TypeError('no dtype for this array')
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw damaged('the header is not UTF-8')
  }
}

/** The error about a file that is no tensor file. */
export function damaged(what: string): MarqueeError {
  return new MarqueeError('invalid-model', `Not a readable tensor file: ${what}.`)
}
