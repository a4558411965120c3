import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countRecent, windowDays } from '../../src/model/data/recent-ratings.ts'
import { Vocabulary } from '../../src/model/data/vocabulary.ts'

const day = 86_400
const newest = 1_000_000_000
const part = (rows: readonly (readonly [string, number])[]) => {
  const movies = new Vocabulary([...new Set(rows.map(([id]) => id))])
  return {
    movies,
    movieIndex: Uint32Array.from(rows, ([id]) => movies.indexOf(id)),
    timestamp: Uint32Array.from(rows, ([, second]) => second),
  }
}
const countsOf = (recent: ReturnType<typeof countRecent>, name: keyof typeof windowDays) => {
  const window = recent!.days.indexOf(windowDays[name])
  const movies = recent!.counts.length / recent!.days.length
  return [...recent!.counts.subarray(window * movies, (window + 1) * movies)]
}

test('ratings are counted in windows that end with the newest of all', () => {
  const movies = new Vocabulary(['a', 'b', 'c'])
  const recent = countRecent(movies, [
    part([
      ['b', newest - day + 1],
      ['b', newest - day],
      ['a', newest - 7 * day],
      ['gone', newest],
    ]),
    part([
      ['c', newest - 31 * day],
      ['b', newest - 30 * day + 1],
      ['a', 0],
    ]),
  ])
  assert.equal(recent!.asOf, newest)
  assert.deepEqual(countsOf(recent, 'day'), [0, 1, 0])
  assert.deepEqual(countsOf(recent, 'week'), [0, 2, 0])
  assert.deepEqual(countsOf(recent, 'month'), [1, 3, 0])
  assert.deepEqual(countsOf(recent, 'year'), [1, 3, 1])
})

test('without a time there is nothing to count', () => {
  assert.equal(countRecent(new Vocabulary(['a']), [part([['a', 0]])]), null)
})
