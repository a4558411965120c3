import { hashOf } from './verify-tensors.ts'

const none = '0'.repeat(64)
const sealAtEnd = /"seal": ?"([0-9a-f]{64})"\s*\}\s*$/

/**
 * The text of an object with a last member `seal`: the SHA-256 of the text with 64 zeros in its place,
 * so that whoever reads it sees that no byte is another.
 */
export function sealJson(value: object, indent?: number): Buffer {
  const text = `${JSON.stringify({ ...value, seal: none }, null, indent)}\n`
  const at = text.lastIndexOf(none)
  const seal = hashOf(Buffer.from(text))
  return Buffer.from(text.slice(0, at) + seal + text.slice(at + none.length))
}

/**
 * The value of a JSON text without its seal; an error where that does not fit, or where there is none
 * though `isSealed` says that such a value has one: earlier releases wrote none.
 */
export function openSealed(bytes: Uint8Array, isSealed: (value: object) => boolean): unknown {
  const text = Buffer.from(bytes).toString('utf8')
  const parsed: unknown = JSON.parse(text)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return parsed
  const { seal, ...value } = parsed as Record<string, unknown>
  if (seal === undefined && !isSealed(value)) return value
  const [end = '', written] = sealAtEnd.exec(text) ?? []
  const at = text.length - end.length + end.indexOf(written ?? '')
  const bare = text.slice(0, at) + none + text.slice(at + none.length)
  if (hashOf(Buffer.from(bare)) !== written)
    throw new Error('its seal does not fit: bytes were changed after it was written')
  return value
}
