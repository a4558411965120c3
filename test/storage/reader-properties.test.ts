import assert from 'node:assert/strict'
import { isUtf8 } from 'node:buffer'
import { test } from 'node:test'
import fc from 'fast-check'
import { maxLineBytes, readLines } from '../../src/storage/readers/read-lines.ts'
import { type WrittenFormat, writtenFormats } from './written-formats.ts'

/** Where a body is cut, from 0 to 1, so that it can be drawn before the bytes are known. */
type Cuts = readonly number[] | 'behind every byte'

/** Bytes in chunks cut anywhere: within a letter, between CR and LF, twice at one place. */
async function* inChunks(bytes: Uint8Array, cuts: Cuts) {
  const ends =
    cuts === 'behind every byte'
      ? [...bytes.keys()]
      : cuts.map((cut) => Math.round(cut * bytes.length)).sort((a, b) => a - b)
  let from = 0
  for (const end of [...ends, bytes.length]) {
    yield bytes.slice(from, end)
    from = end
  }
}
const share = fc.double({ min: 0, max: 1, noNaN: true })
const anyCuts = fc.oneof(
  fc.array(share, { maxLength: 20 }),
  fc.constant('behind every byte' as const),
)

/** A line of a file; a header or a blank one is neither taken nor refused. */
type Line = { text: string; record?: unknown; is: 'taken' | 'refused' | 'neither'; end: string }

/** A file: a header where there is one, a good line, then good, bad and blank ones in any order. */
function fileOf({ header, good, bad }: WrittenFormat): fc.Arbitrary<Line[]> {
  const line = <Is extends Line['is']>(
    is: Is,
    written: fc.Arbitrary<{ text: string; record?: unknown }>,
  ) =>
    fc
      .tuple(written, fc.constantFrom('\n', '\r\n'))
      .map(([written, end]): Line => ({ ...written, is, end }))
  const textLine = (is: Line['is'], text: fc.Arbitrary<string>) =>
    line(
      is,
      text.map((text) => ({ text })),
    )
  const taken = line('taken', good)
  const blank = textLine('neither', fc.constantFrom('', ' '))
  const rest = fc.array(
    fc.oneof(
      { weight: 5, arbitrary: taken },
      { weight: 2, arbitrary: textLine('refused', bad) },
      { weight: 1, arbitrary: blank },
    ),
    { maxLength: 10 },
  )
  const headers = header === null ? fc.constant([]) : fc.tuple(textLine('neither', header))
  return fc
    .tuple(fc.array(blank, { maxLength: 1 }), headers, fc.tuple(taken), rest)
    .map((parts) => parts.flat())
}

for (const [what, format] of writtenFormats)
  test(`${what} of ${format.format}: all that is written is read, and a bad line spoils no other`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fileOf(format),
        fc.boolean(),
        fc.boolean(),
        anyCuts,
        async (lines, hasMark, hasLastEnd, cuts) => {
          const text = lines.map(({ text, end }) => text + end).join('')
          const mark = hasMark && format.encoding === 'utf8' ? '\uFEFF' : ''
          const body = mark + (hasLastEnd ? text : text.slice(0, -lines.at(-1)!.end.length))
          const { records, refusals, ...counts } = await format.read(
            inChunks(Buffer.from(body, format.encoding), cuts),
          )
          const taken = lines.filter(({ is }) => is === 'taken')
          const refused = lines.flatMap(({ is }, i) => (is === 'refused' ? [i + 1] : []))
          assert.deepEqual(records, format.kept(taken.map(({ record }) => record)))
          assert.deepEqual(
            refusals.map(({ line }) => line),
            refused,
          )
          const [accepted, refusedCount] = [taken.length, refused.length]
          assert.deepEqual(counts, { format: format.format, accepted, refused: refusedCount })
        },
      ),
      { numRuns: 40 },
    )
  })

/** The lines that `readLines` is to give of a whole file, found one by one. */
function linesOf(bytes: Buffer): (string | null)[] {
  const lines: (string | null)[] = []
  for (let from = 0; from < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, from)
    const end = newline < 0 ? bytes.length : newline
    const line = bytes.subarray(from, end)
    const text = line.toString(isUtf8(line) ? 'utf8' : 'latin1').replace(/\r$/, '')
    lines.push(line.length > maxLineBytes ? null : text.replace(from === 0 ? /^\uFEFF/ : /^$/, ''))
    from = end + 1
  }
  return lines
}

test('lines longer than the buffer, up to its bound and beyond, are told apart in any chunks', async () => {
  // Of a length near a part of the bound, so that letters and line ends fall on the buffer's end.
  const line = fc
    .tuple(
      fc.constantFrom(0, 1, 2, 4, 6).map((part) => (maxLineBytes * part) / 4),
      fc.integer({ min: 0, max: 6 }),
      fc.constantFrom('x', 'é', '界', '🎬', '\xe9'),
      fc.constantFrom('\n', '\r\n', '\n\n'),
    )
    .map(([length, more, letter, end]) => {
      const encoding = letter === '\xe9' && more % 2 === 0 ? 'latin1' : 'utf8'
      const size = Buffer.byteLength(letter, encoding)
      const letters = letter.repeat(Math.floor(length / size))
      return Buffer.from(letters + 'y'.repeat(more) + end, encoding)
    })
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      fc.array(share, { maxLength: 5 }),
      async (parts, hasLastEnd, cuts) => {
        const bytes = Buffer.concat(parts)
        const body = hasLastEnd ? bytes : bytes.subarray(0, -1)
        const lines: (string | null)[] = []
        const put = (lineNumber: number, text: string | null) => {
          assert.equal(lineNumber, lines.length + 1)
          lines.push(text)
        }
        await readLines(inChunks(body, cuts), {
          start: (head) => assert.ok(body.subarray(0, maxLineBytes).equals(head)),
          line: (text, lineNumber) => put(lineNumber, text),
          tooLong: (lineNumber) => put(lineNumber, null),
        })
        assert.ok(isSame(lines, linesOf(body)))
      },
    ),
    { numRuns: 60 },
  )
})

/** Compares without the texts in the message: they are long. */
function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}
