import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { root } from './support/root.ts'

const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

test('each test that holds a promise of docs/OPERATIONS.md is there', () => {
  const text = read('docs/OPERATIONS.md').replaceAll(/\s+/g, ' ')
  const named = [...text.matchAll(/`(test\/[\w/-]+\.test\.ts)`(?:: "([^"]+)")?/g)]
  assert.ok(named.length >= 7)
  for (const [, path, name] of named) {
    const source = read(path!)
    assert.ok(source.includes('test('), path)
    if (name !== undefined) assert.ok(source.includes(`'${name}'`), `${path} has no test "${name}"`)
  }
})
