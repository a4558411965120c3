import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTitle } from '../../src/storage/movies/parse-title.ts'

const cases: [string, string, number | null][] = [
  ['Toy Story (1995)', 'Toy Story', 1995],
  ['Shawshank Redemption, The (1994)', 'Shawshank Redemption, The', 1994],
  ['Babylon 5', 'Babylon 5', null],
  ['2001: A Space Odyssey (1968)', '2001: A Space Odyssey', 1968],
  ['1984 (1984)', '1984', 1984],
  ['  Two Friends (1986) ', 'Two Friends', 1986],
  ['Blade Runner(1982)', 'Blade Runner', 1982],
  ['Death Note: Desu nôto (2006–2007)', 'Death Note: Desu nôto', 2006],
  ['Movie (1995-1998)', 'Movie', 1995],
  ['Foo (2006–)', 'Foo', 2006],
  ['Foo (2006– )', 'Foo', 2006],
  ['Land Before Time III (1995) (V)', 'Land Before Time III', 1995],
  ['Double Life (Double vie, La) (1991)', 'Double Life (Double vie, La)', 1991],
  ['Metropolis (1927) (2001)', 'Metropolis (1927)', 2001],
  ['Bar (Foo)', 'Bar (Foo)', null],
  ['(1995)', '(1995)', null],
  ['Serial (9999)', 'Serial (9999)', null],
  ['Room (237)', 'Room (237)', null],
  ['Unclosed (1995', 'Unclosed (1995', null],
  ['(500) Days of Summer (2009)', '(500) Days of Summer', 2009],
  ['', '', null],
]

for (const [text, title, year] of cases)
  test(`${JSON.stringify(text)} is ${JSON.stringify(title)} of ${year ?? 'no known year'}`, () => {
    assert.deepEqual(parseTitle(text), { title, year })
  })
