import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorCodes, MarqueeError } from '../../src/errors.ts'
import { asJobFailure, isFault, readJobFailure } from '../../src/queue/job-failure.ts'
import { onDisk } from '../../src/storage/store-fault.ts'

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

test('the log is told what the sentence of a failure hides: faults, also those of the disk', async () => {
  for (const code of ['EIO', 'ENOSPC', 'EROFS']) {
    const error = Object.assign(new Error(`${code} at /a/place`), { code, syscall: 'write' })
    const failure = onDisk(true, () => Promise.reject(error))
    const fault: unknown = await failure.catch((one: unknown) => one)
    assert.doesNotMatch(asJobFailure(fault).message, /place/)
    assert.ok(isFault(fault), code)
  }
  assert.ok(isFault(new TypeError('a slip')))
  for (const code of ['diverged', 'cancelled', 'no-ratings'] as const)
    assert.equal(isFault(new MarqueeError(code, 'Expected.')), false, code)
})
