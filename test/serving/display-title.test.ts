import assert from 'node:assert/strict'
import { test } from 'node:test'
import { displayTitle } from '../../src/serving/catalogue/display-title.ts'

test('an article behind a title, or behind one in brackets, comes before it', () => {
  for (const [title, shown] of [
    ['Godfather, The', 'The Godfather'],
    ['Postman, The (Postino, Il)', 'The Postman (Il Postino)'],
    ["Avventura, L' (Adventure, The)", "L'Avventura (The Adventure)"],
    ['Single Girl, A (Fille seule, La)', 'A Single Girl (La Fille seule)'],
    ['Beast, The (a.k.a. Beast of War, The)', 'The Beast (a.k.a. The Beast of War)'],
    ['Good, the Bad and the Ugly, The', 'The Good, the Bad and the Ugly'],
  ])
    assert.equal(displayTitle(title!), shown)
})

test('any other title is shown as it is', () => {
  for (const title of ['', 'Heat', 'I, Tonya', 'Paris, Texas', 'Die, Monster, Die!', ', The', '()'])
    assert.equal(displayTitle(title), title)
})
