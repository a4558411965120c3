import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { IdCollector } from '../../src/model/data/id-collector.ts'
import { textsOf } from '../../src/model/data/text-column.ts'

const units = ['', 'a', 'b', '0', '9', '.0', 'é', '日', '🎬', ' ', '\0', '\uffff']
const id = fc.oneof(
  fc.array(fc.constantFrom(...units), { maxLength: 5 }).map((parts) => parts.join('')),
  fc.nat(300).map(String),
  fc.nat(2 ** 23).map(String),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.nat(2_000).map((length) => 'x'.repeat(length)),
)

/** The parts as one array. */
function joined<T extends Uint8Array | Uint32Array>(pieces: Iterable<T>): number[] {
  return [...pieces].flatMap((piece) => [...piece])
}

test('any ids get the indices that a map would give, in pieces of any size', () => {
  fc.assert(
    fc.property(
      fc.array(id, { maxLength: 300 }),
      fc.record({ pieceBits: fc.integer({ min: 1, max: 12 }), seed: fc.integer() }),
      (ids, options) => {
        const collector = new IdCollector(options)
        const expected = new Map<string, number>()
        for (const one of ids) {
          if (!expected.has(one)) expected.set(one, expected.size)
          assert.equal(collector.add(one), expected.get(one))
        }
        assert.equal(collector.size, expected.size)
        for (const [one, index] of expected) assert.equal(collector.idOf(index), one)
        assert.deepEqual(collector.build().ids, [...expected.keys()])
        const whole = [...expected.keys()]
        const bytes = Buffer.from(joined(collector.bytePieces()))
        assert.equal(bytes.length, collector.byteLength)
        assert.equal(bytes.toString('utf8'), whole.join(''))
        const offsets = joined(collector.offsetPieces())
        assert.deepEqual(
          whole.map((_, i) => bytes.toString('utf8', offsets[i], offsets[i + 1])),
          whole,
        )
      },
    ),
    { seed: 18, numRuns: 100 },
  )
})

/** Texts of which at least two share the hash from a seed. */
function sharingHash(seed: number): string[] {
  const seen = new Map<number, string>()
  const sharing: string[] = []
  for (let i = 0; sharing.length < 6; i++) {
    const text = `user-${i}`
    let hash = seed
    for (const byte of Buffer.from(text)) {
      hash = Math.imul(hash ^ byte, 0x0100_0193)
      hash ^= hash >>> 15
    }
    const other = seen.get(hash)
    if (other !== undefined) sharing.push(other, text)
    seen.set(hash, text)
  }
  return sharing
}

test('ids that share a hash, and many thousands, are told apart', () => {
  const collector = new IdCollector({ seed: 7 })
  const sharing = sharingHash(7)
  const ids = [...sharing, ...Array.from({ length: 100_000 }, (_, i) => `user-${7 * i}/é`)]
  for (const _ of [1, 2]) assert.ok(ids.every((one, index) => collector.add(one) === index))
  const { texts } = collector.build()
  assert.deepEqual(textsOf(texts).slice(0, 10), ids.slice(0, 10))
  assert.equal(collector.idOf(99_999), ids[99_999])
})
