import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maxLineBytes, readLines } from '../../src/storage/readers/read-lines.ts'
import { body } from './bodies.ts'

/** What a taker is told: [number, text], text null where a line is too long. */
async function linesOf(content: string | Uint8Array, pieceBytes?: number) {
  const lines: [number, string | null][] = []
  let starts = 0
  await readLines(body(content, pieceBytes), {
    start: () => (starts += 1),
    line: (text, lineNumber) => lines.push([lineNumber, text]),
    tooLong: (lineNumber) => lines.push([lineNumber, null]),
  })
  assert.equal(starts, 1)
  return lines
}

const numbered = (texts: (string | null)[]) => texts.map((text, i) => [i + 1, text])

test('lines end with LF or CRLF, the last one perhaps with nothing', async () => {
  const expected = numbered(['a', 'b', '', 'c'])
  assert.deepEqual(await linesOf('a\nb\n\nc'), expected)
  assert.deepEqual(await linesOf('a\r\nb\r\n\r\nc\r\n'), expected)
  assert.deepEqual(await linesOf('a\nb\r\n\nc\n'), expected)
})

test('an empty body has no line', async () => assert.deepEqual(await linesOf(''), []))

test('a byte order mark is no part of the first line, and only there', async () => {
  assert.deepEqual(await linesOf('\uFEFFa\n\uFEFFb'), numbered(['a', '\uFEFFb']))
})

test('each line that is not UTF-8 is Windows-1252, which has all letters of ISO-8859-1', async () => {
  const bytes = Buffer.concat([
    Buffer.from('Délicatessen\n', 'utf8'),
    Buffer.from('Misérables\r\n', 'latin1'),
    Buffer.from('Amélie', 'utf8'),
  ])
  assert.deepEqual(await linesOf(bytes), numbered(['Délicatessen', 'Misérables', 'Amélie']))
})

test('lines end with CR where there is no LF, and UTF-16 shows at the start', async () => {
  const expected = numbered(['a,é', 'b', 'c'])
  assert.deepEqual(await linesOf('a,é\rb\rc\r'), expected)
  assert.deepEqual(await linesOf('a\rb\nc'), numbered(['a\rb', 'c']))
  for (const mark of ['\uFEFF', ''])
    for (const end of ['\n', '\r\n', '\r']) {
      const text = mark + ['a,é', 'b', 'c', ''].join(end)
      for (let pieceBytes = 1; pieceBytes < 9; pieceBytes++) {
        assert.deepEqual(await linesOf(Buffer.from(text, 'utf16le'), pieceBytes), expected)
        assert.deepEqual(await linesOf(Buffer.from(text, 'utf16le').swap16(), pieceBytes), expected)
      }
    }
})

test('what Windows has instead of control characters is read as such', async () => {
  const bytes = Buffer.from([0x4f, 0x92, 0x73, 0x20, 0x80, 0x20, 0x9c, 0x20, 0x81])
  assert.deepEqual(await linesOf(bytes), numbered(['O’s € œ \x81']))
})

test('the first bytes are shown before the first line', async () => {
  const seen: unknown[] = []
  await readLines(body('abc\nd', 2), {
    start: (head) => seen.push(Buffer.from(head).toString()),
    line: (text) => seen.push(text),
    tooLong: () => assert.fail(),
  })
  assert.deepEqual(seen, ['abc\nd', 'abc', 'd'])
})

test('wherever the bytes are cut, the lines are the same', async () => {
  const bytes = Buffer.concat([Buffer.from('\uFEFFé🎬,\r\n\n"x"\n', 'utf8'), Buffer.from([0xe9])])
  const expected = numbered(['é🎬,', '', '"x"', 'é'])
  for (let cut = 0; cut <= bytes.length; cut++) {
    const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)]
    const lines: [number, string][] = []
    await readLines(
      (async function* () {
        yield* pieces
      })(),
      {
        start() {},
        line: (text, lineNumber) => lines.push([lineNumber, text]),
        tooLong: () => assert.fail(),
      },
    )
    assert.deepEqual(lines, expected, `cut at ${cut}`)
  }
})

test('a line of exactly the bound is taken, a longer one is not, in pieces of any size', async () => {
  const longest = 'x'.repeat(maxLineBytes)
  const content = `a\n${longest}\nb\n${longest}x\nc\n${longest}${longest}${longest}\nd\n${longest}x`
  const expected = numbered(['a', longest, 'b', null, 'c', null, 'd', null])
  for (const pieceBytes of [1_000, 65_535, 65_536, 65_537, 10_000_000])
    assert.deepEqual(await linesOf(content, pieceBytes), expected)
})

test('after a line that is too long every line is taken again', async () => {
  const short = Array.from({ length: 50_000 }, (_, i) => `line ${i}`)
  const lines = await linesOf(`${'x'.repeat(200_000)}\n${short.join('\n')}`)
  assert.deepEqual(lines, numbered([null, ...short]))
})

test('the bound counts bytes, not characters', async () => {
  assert.deepEqual(await linesOf(`${'é'.repeat(maxLineBytes / 2)}\na`), [
    [1, 'é'.repeat(maxLineBytes / 2)],
    [2, 'a'],
  ])
  assert.deepEqual(await linesOf(`${'é'.repeat(maxLineBytes / 2)}é\na`), numbered([null, 'a']))
})

test('a body without an end of line is not kept in memory', async () => {
  const piece = new Uint8Array(1_048_576).fill(0x61)
  const before = process.memoryUsage().arrayBuffers
  let most = 0
  await readLines(
    (async function* () {
      for (let i = 0; i < 200; i++) {
        yield piece
        most = Math.max(most, process.memoryUsage().arrayBuffers - before)
      }
    })(),
    { start() {}, line: () => assert.fail(), tooLong() {} },
  )
  assert.ok(most < 50_000_000, `${most} bytes`)
})
