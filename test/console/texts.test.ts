import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { significant } from '../../src/console/text.ts'

test('integers are shown as they are, other numbers to some digits', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 9 }), (value, digits) => {
      assert.equal(significant(value, digits), String(value))
    }),
  )
  assert.equal(significant(0.73124321), '0.731243')
  assert.equal(significant(0.00002), '2e-5')
})
