import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Vocabulary, VocabularyBuilder } from '../../src/model/data/vocabulary.ts'
import { createRandom } from '../../src/numeric/random/random.ts'

const letters = ['a', 'b', '0', '1', 'é', '日', '🎬', '\ud800', ' ', '\0']

test('any distinct ids have their indices, and no other id has one, as in a map', () => {
  const random = createRandom(6, 'vocabulary')
  const draw = () =>
    Array.from({ length: random.below(6) }, () => letters[random.below(letters.length)]).join('')
  for (const size of [0, 1, 2, 3, 500, 4_000]) {
    const builder = new VocabularyBuilder()
    const expected = new Map<string, number>()
    for (let i = 0; i < size; i++) {
      const id = draw()
      if (!expected.has(id)) expected.set(id, expected.size)
      assert.equal(builder.add(id), expected.get(id))
    }
    const built = builder.build()
    for (const vocabulary of [built, new Vocabulary(structuredClone(built.table))]) {
      assert.equal(vocabulary.size, expected.size)
      assert.deepEqual(vocabulary.ids, [...expected.keys()])
      for (const [id, index] of expected) {
        assert.equal(vocabulary.indexOf(id), index)
        assert.equal(vocabulary.idOf(index), id)
      }
      for (let i = 0; i < 2_000; i++) {
        const id = draw()
        assert.equal(vocabulary.indexOf(id), expected.get(id) ?? -1, JSON.stringify(id))
      }
    }
  }
})

test('numbers in order, as most ids are, do not crowd the table', () => {
  const { slots } = new Vocabulary(Array.from({ length: 100_000 }, (_, i) => String(i + 1))).table
  let [run, longest] = [0, 0]
  for (const slot of slots) {
    run = slot === 0 ? 0 : run + 1
    longest = Math.max(longest, run)
  }
  assert.ok(longest < 200, `${longest} ids stand one behind the other`)
})

test('an id that stands twice, and an index that is none, are errors', () => {
  assert.throws(() => new Vocabulary(['a', 'b', 'a']), RangeError)
  for (const index of [-1, 2, 0.5 + 2]) assert.throws(() => new Vocabulary(['a', 'b']).idOf(index))
})
