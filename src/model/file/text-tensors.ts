import { type TextColumn, textColumn, textsOf } from '../data/text-column.ts'
import { damaged, type Tensor, type TensorData } from './safetensors.ts'

/** Strings as two tensors: `offsets` [count + 1] into the UTF-8 `bytes`. */
export function encodeText(column: TextColumn): { offsets: Tensor; bytes: Tensor } {
  const bytes = new TextEncoder().encode(column.text)
  // Where every unit is a byte, as nearly always, a string begins where it did.
  const isAscii = bytes.length === column.text.length
  return isAscii ? tensorsOf(column.offsets, bytes) : encodeEach(textsOf(column))
}

function encodeEach(texts: readonly string[]) {
  const parts = texts.map((text) => Buffer.from(text, 'utf8'))
  const offsets = new Uint32Array(texts.length + 1)
  parts.forEach((part, i) => {
    offsets[i + 1] = offsets[i]! + part.length
  })
  return tensorsOf(offsets, new Uint8Array(Buffer.concat(parts)))
}

function tensorsOf(offsets: Uint32Array, bytes: Uint8Array): { offsets: Tensor; bytes: Tensor } {
  return {
    offsets: { shape: [offsets.length], data: offsets },
    bytes: { shape: [bytes.length], data: bytes },
  }
}

/**
 * The strings of two tensors written by `encodeText`; an `invalid-model` error where they are none.
 */
export function decodeText(offsets: TensorData, bytes: TensorData): TextColumn {
  if (!(offsets instanceof Uint32Array && bytes instanceof Uint8Array))
    throw damaged('a table of strings is not of U32 offsets and U8 bytes')
  const count = offsets.length - 1
  if (count < 0 || offsets[0] !== 0 || offsets[count] !== bytes.length)
    throw damaged('a table of strings does not fit its offsets')
  for (let i = 0; i < count; i++)
    if (offsets[i]! > offsets[i + 1]!) throw damaged('a table of strings has offsets that fall')
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.every((byte) => byte < 0x80)) return { text: buffer.toString('latin1'), offsets }
  return textColumn(
    Array.from({ length: count }, (_, i) => buffer.toString('utf8', offsets[i], offsets[i + 1])),
  )
}
