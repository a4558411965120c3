/** What Windows-1252 has at 0x80 … 0x9f, where ISO-8859-1 has control characters; "" for none. */
const windowsLetters = [
  ...['€', '', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '', 'Ž', ''],
  ...['', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '', 'ž', 'Ÿ'],
]
const controls = /[\u0080-\u009f]/g

/**
 * Text in Windows-1252, which holds all of ISO-8859-1 that text needs. `TextDecoder` gives its
 * control characters instead (Node 20).
 */
export function decodeWindows1252(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(controls, (letter) => windowsLetters[letter.charCodeAt(0) - 0x80] || letter)
}

/** The bytes of a body; of one in UTF-16, with a byte order mark or ASCII at its start, as UTF-8. */
export async function* asUtf8(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0)
  let convert: ((chunk: Uint8Array, isLast: boolean) => Uint8Array) | null = null
  let isDecided = false
  for await (const chunk of body) {
    if (isDecided) {
      yield convert ? convert(chunk, false) : chunk
      continue
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
    if (head.length < 4) continue
    isDecided = true
    convert = converterOf(head)
    yield convert ? convert(head, false) : head
  }
  if (!isDecided) convert = converterOf(head)
  const rest = isDecided ? new Uint8Array(0) : head
  yield convert ? convert(rest, true) : rest
}

function converterOf(head: Uint8Array) {
  const [a, b, c, d] = head
  const isLittle = (a === 0xff && b === 0xfe) || (a! > 0 && b === 0 && c! > 0 && d === 0)
  const isBig = (a === 0xfe && b === 0xff) || (a === 0 && b! > 0 && c === 0 && d! > 0)
  if (!isLittle && !isBig) return null
  const decoder = new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be')
  return (chunk: Uint8Array, isLast: boolean) =>
    Buffer.from(decoder.decode(chunk, { stream: !isLast }), 'utf8')
}
