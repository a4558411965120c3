import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nextEvents } from '../../src/live/next-events.ts'
import { type StreamEntry, writeEvent } from '../../src/live/stream-entry.ts'

const entryOf = (seq: number, epoch = 'e'): StreamEntry => {
  const event = { type: 'unrated', userId: `u${seq}`, movieId: 'm' } as const
  return [`${seq}-0`, [epoch, `1700000000000 ${writeEvent(event)}`]]
}
const entriesFrom = (first: number, last: number) =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => entryOf(first + i))

test('pieces of a stream that overlap give each event once, in order', () => {
  const piece = fc.record({ back: fc.nat(5), on: fc.nat(5) })
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      let at = { epoch: 'e', seq: 3 }
      const taken: number[] = []
      for (const { back, on } of pieces) {
        const entries = entriesFrom(Math.max(1, at.seq + 1 - back), at.seq + on)
        const { events, newest, missing, lost } = nextEvents(entries, at, '')
        assert.deepEqual([missing, lost], [null, []])
        assert.deepEqual(newest, on > 0 ? entries.at(-1) : null)
        taken.push(...events.map(({ seq }) => seq))
        at = { epoch: 'e', seq: at.seq + on }
      }
      assert.deepEqual(
        taken,
        entriesFrom(4, at.seq).map(([id]) => Number.parseInt(id, 10)),
      )
    }),
  )
})

test('a gap, a number that comes again and another epoch end what is given', () => {
  const at = { epoch: 'e', seq: 3 }
  const [four, five, seven] = [entryOf(4), entryOf(5), entryOf(7)] as const
  for (const odd of [seven, five, entryOf(4), entryOf(6, 'other')]) {
    const { events, newest, missing } = nextEvents([four, five, odd], at, '')
    assert.deepEqual([events.length, newest, missing], [2, five, odd])
  }
  const gone = nextEvents([four, seven], at, '7-0')
  assert.deepEqual([gone.events.length, gone.missing], [2, null])
  assert.deepEqual(gone.lost, [{ from: 5, to: 6 }])
})
