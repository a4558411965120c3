/**
 * Writes a text as UTF-8, half a surrogate pair as three bytes of its own (WTF-8), so that any two
 * texts have different bytes; gives how many they are, three a UTF-16 unit at most.
 */
export function encodeUtf8(text: string, to: Uint8Array): number {
  let at = 0
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i)!
    if (point > 0xffff) i += 1
    if (point < 0x80) to[at++] = point
    else {
      const more = point < 0x800 ? 1 : point < 0x1_0000 ? 2 : 3
      to[at++] = [0, 0xc0, 0xe0, 0xf0][more]! | (point >>> (6 * more))
      for (let left = more - 1; left >= 0; left--) to[at++] = 0x80 | ((point >>> (6 * left)) & 0x3f)
    }
  }
  return at
}

/** The text of bytes that `encodeUtf8` wrote. */
export function decodeUtf8(bytes: Uint8Array): string {
  const points: number[] = []
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i++]!
    const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3
    let point = more === 0 ? first : first & (0x3f >>> more)
    for (let left = 0; left < more; left++) point = (point << 6) | (bytes[i++]! & 0x3f)
    points.push(point)
  }
  return String.fromCodePoint(...points)
}
