import { MarqueeError } from '../../errors.ts'
import type { Refusal } from '../import-report.ts'
import { excerpt } from './excerpt.ts'
import { maxLineBytes, readLines } from './read-lines.ts'
import { RisingNumbers } from './rising-numbers.ts'

/**
 * A recognised format of a file of lines. `take` adds the record of one line to the records; it
 * gives null when the line was taken, otherwise the reason why it was refused.
 */
export type LineFormat = {
  readonly format: string
  readonly isHeader: boolean
  take(line: string): string | null
}

/** The counts of a file that was read; only the first refusals are listed, all are counted. */
export type Reading = {
  readonly format: string
  readonly accepted: number
  readonly refused: number
  readonly refusals: Refusal[]
}

/** How many refusals are listed. */
export const maxRefusalsKept = 100

/** The number of the line that the record of an index stands on, both in order. */
export type LineOf = (record: number) => number

/**
 * Reads a file line by line in the format that its first line shows; blank lines do not count.
 * An `unrecognised-format` or `no-good-line` error when there is nothing to take, a `too-large` error
 * at the line after `maxLines`.
 */
export async function readRecords(
  body: AsyncIterable<Uint8Array>,
  recognise: (firstLine: string) => LineFormat | null,
  expected: string,
  maxLines = Number.POSITIVE_INFINITY,
): Promise<{ reading: Reading; lineOf: LineOf }> {
  let lineFormat: LineFormat | null = null
  let accepted = 0
  const lines = new RisingNumbers()
  let refused = 0
  const refusals: Refusal[] = []
  const refuse = (line: number, reason: string) => {
    refused += 1
    if (refusals.length < maxRefusalsKept) refusals.push({ line, reason })
  }

  await readLines(body, {
    start: checkHead,
    line(text, lineNumber) {
      if (lineNumber > maxLines)
        throw new MarqueeError('too-large', `The file has more than ${maxLines} lines.`)
      if (text.trim() === '') return
      if (lineFormat === null) {
        lineFormat = recognise(text)
        if (lineFormat === null)
          throw unrecognised(`The first line is ${excerpt(text)}, expected ${expected}.`)
        if (lineFormat.isHeader) return
      }
      const reason = lineFormat.take(text)
      if (reason === null) {
        accepted += 1
        lines.add(lineNumber)
      } else refuse(lineNumber, reason)
    },
    tooLong(lineNumber) {
      if (lineFormat === null)
        throw unrecognised(
          `The first line is longer than ${maxLineBytes} bytes, expected ${expected}.`,
        )
      refuse(lineNumber, `the line is longer than ${maxLineBytes} bytes`)
    },
  })
  // A cast, because the compiler does not see that the taker assigns it.
  const { format } = (lineFormat as LineFormat | null) ?? { format: null }
  if (format === null)
    throw new MarqueeError('no-good-line', `There are only blank lines, expected ${expected}.`)
  if (accepted === 0) throw noGoodLine(refused, refusals)
  return { reading: { format, accepted, refused, refusals }, lineOf: (record) => lines.at(record) }
}

/** Refuses what can be told by its first bytes: nothing at all, an archive in an archive. */
function checkHead(head: Uint8Array): void {
  if (head.length === 0) throw new MarqueeError('no-good-line', 'The body is empty.')
  if (head[0] === 0x50 && head[1] === 0x4b && head[2] !== undefined && head[2] < 0x08)
    throw unrecognised('This is a zip archive in another archive: unpack one of them.')
  if (head[0] === 0x1f && head[1] === 0x8b)
    throw unrecognised('This is a gzip file in another archive: unpack one of them.')
}

function noGoodLine(refused: number, refusals: readonly Refusal[]): MarqueeError {
  const message =
    refused === 0
      ? 'There is a header and no line after it.'
      : `None of the ${refused} lines could be taken.`
  const problems = refusals.map(({ line, reason }) => ({
    pointer: `/lines/${line}`,
    detail: reason,
  }))
  return new MarqueeError('no-good-line', message, { problems })
}

function unrecognised(message: string): MarqueeError {
  return new MarqueeError('unrecognised-format', message)
}
