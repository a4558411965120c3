import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorCodes, MarqueeError } from '../../src/errors.ts'
import { asJobFailure, readJobFailure } from '../../src/queue/job-failure.ts'

test('code and sentence of an error come back from the reason that BullMQ keeps', () => {
  const { message } = asJobFailure(new MarqueeError('diverged', 'Too fast: try a lower rate.'))
  assert.deepEqual(readJobFailure(message), {
    code: 'diverged',
    detail: 'Too fast: try a lower rate.',
  })
})

test('what can never succeed is not tried again, and a fault is', () => {
  const nameOf = (error: unknown) => asJobFailure(error).name
  for (const code of [
    'no-ratings',
    'invalid-request',
    'no-engine',
    'diverged',
    'cancelled',
  ] as const)
    assert.equal(nameOf(new MarqueeError(code, 'It is so.')), 'UnrecoverableError')
  assert.equal(nameOf(new MarqueeError('device-lost', 'Gone.')), 'Error')
  assert.equal(nameOf(new MarqueeError('queue-unavailable', 'Away.')), 'Error')
  assert.equal(nameOf(new Error('The disk is full.')), 'Error')
})

test('a fault, a killed process and a repeated stall get a stable code and a sentence', () => {
  const reasons = [
    asJobFailure(new TypeError('x is not a function')).message,
    'Unexpected exit code: null signal: SIGKILL',
    'Unexpected exit code: 134 signal: null',
    'job stalled more than allowable limit',
    'some-words: that only look like a code',
    '',
  ]
  for (const { code, detail } of reasons.map(readJobFailure)) {
    assert.equal(code, 'internal')
    assert.ok(code in errorCodes && detail.length > 5)
  }
  assert.match(readJobFailure(reasons[1]!).detail, /SIGKILL/)
})
