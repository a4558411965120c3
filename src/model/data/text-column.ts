/**
 * Strings as one text, the i-th from `offsets[i]` to `offsets[i + 1]` in UTF-16 units: one string
 * and one array, which pass from thread to thread where a million strings would not.
 */
export type TextColumn = { readonly text: string; readonly offsets: Uint32Array }

/** The strings, one after the other. */
export function textColumn(texts: readonly string[]): TextColumn {
  const offsets = new Uint32Array(texts.length + 1)
  for (const [i, text] of texts.entries()) offsets[i + 1] = offsets[i]! + text.length
  return { text: texts.join(''), offsets }
}

/** The string at an index. */
export function textAt({ text, offsets }: TextColumn, index: number): string {
  return text.slice(offsets[index], offsets[index + 1])
}

/** All strings, in order. */
export function textsOf(column: TextColumn): string[] {
  return Array.from({ length: column.offsets.length - 1 }, (_, index) => textAt(column, index))
}
