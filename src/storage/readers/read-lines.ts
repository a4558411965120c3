import { isUtf8 } from 'node:buffer'
import { asUtf8, decodeWindows1252 } from './decode.ts'

/** A longer line is not buffered: it is reported and skipped. */
export const maxLineBytes = 65_536
const lf = 0x0a
const cr = 0x0d

/** The receiver of the lines of a file, which come without their ends and are numbered from 1. */
export type LineTaker = {
  /** The first bytes, at most `maxLineBytes`, before any line; none when the file is empty. */
  start(head: Uint8Array): void
  line(text: string, lineNumber: number): void
  tooLong(lineNumber: number): void
}

/**
 * Cuts bytes into lines, LF or CRLF, with or without a byte order mark; CR alone ends lines where
 * the head has no LF. A file may be UTF-16, which shows at its start; of any other, a line that is
 * valid UTF-8 is UTF-8, and the rest is Windows-1252. Its result does not depend on how the bytes
 * come in chunks.
 */
export async function readLines(body: AsyncIterable<Uint8Array>, taker: LineTaker): Promise<void> {
  // The window always begins at the start of a line, so a line that fills it is too long.
  const window = Buffer.allocUnsafe(maxLineBytes + 1)
  let filled = 0
  let nextLine = 1
  let isSkipping = false
  let lineEnd: number | null = null

  const start = () => {
    if (lineEnd !== null) return
    const head = window.subarray(0, filled)
    // A last CR may be half a CRLF.
    lineEnd = head.includes(lf) || !head.subarray(0, -1).includes(cr) ? lf : cr
    taker.start(head.subarray(0, maxLineBytes))
  }

  const takeWindow = (isLast: boolean) => {
    start()
    const end = isLast ? filled : window.lastIndexOf(lineEnd!) + 1
    if (end === 0 && !isLast) {
      isSkipping = true
      filled = 0
      return
    }
    let from = 0
    if (isSkipping) {
      const newline = window.subarray(0, end).indexOf(lineEnd!)
      taker.tooLong(nextLine++)
      from = newline < 0 ? end : newline + 1
      isSkipping = false
    }
    nextLine = takeLines(window.subarray(from, end), lineEnd!, nextLine, taker)
    window.copyWithin(0, end, filled)
    filled -= end
  }

  for await (const chunk of asUtf8(body))
    for (let at = 0; at < chunk.length; ) {
      const size = Math.min(window.length - filled, chunk.length - at)
      window.set(chunk.subarray(at, at + size), filled)
      filled += size
      at += size
      if (filled === window.length) takeWindow(false)
    }
  takeWindow(true)
}

/** Gives out the lines of whole lines of bytes, and the number of the line after them. */
function takeLines(bytes: Buffer, lineEnd: number, firstLine: number, taker: LineTaker): number {
  let lineNumber = firstLine
  if (isUtf8(bytes)) {
    const text = bytes.toString('utf8')
    const endLetter = String.fromCharCode(lineEnd)
    for (let from = 0; from < text.length; ) {
      const newline = text.indexOf(endLetter, from)
      const end = newline < 0 ? text.length : newline
      taker.line(bareLine(text.slice(from, end), lineNumber), lineNumber++)
      from = end + 1
    }
    return lineNumber
  }
  // Some line is Windows-1252: each is looked at by itself.
  for (let from = 0; from < bytes.length; ) {
    const newline = bytes.indexOf(lineEnd, from)
    const end = newline < 0 ? bytes.length : newline
    const line = bytes.subarray(from, end)
    const text = isUtf8(line) ? line.toString('utf8') : decodeWindows1252(line)
    taker.line(bareLine(text, lineNumber), lineNumber++)
    from = end + 1
  }
  return lineNumber
}

function bareLine(line: string, lineNumber: number): string {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line
  return lineNumber === 1 && text.startsWith('\uFEFF') ? text.slice(1) : text
}
