import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cronProblem, isTimeZone, nextTick } from '../../src/queue/schedules/times.ts'

/** The next ticks after a time, as ISO 8601. */
function ticks(cron: string, timeZone: string, after: string, count: number): string[] {
  let time = Date.parse(after)
  return Array.from({ length: count }, () => {
    time = nextTick(cron, timeZone, time)
    return new Date(time).toISOString().slice(0, 16)
  })
}

test('a tick in the hour that summer time leaves out or repeats comes once that day', () => {
  assert.deepEqual(ticks('30 2 * * *', 'Europe/Berlin', '2026-03-27T12:00Z', 3), [
    '2026-03-28T01:30',
    '2026-03-29T01:30',
    '2026-03-30T00:30',
  ])
  assert.deepEqual(ticks('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', 3), [
    '2026-10-25T00:30',
    '2026-10-26T01:30',
    '2026-10-27T01:30',
  ])
})

test('ticks within the hour that is repeated come in both', () => {
  assert.deepEqual(ticks('*/30 * * * *', 'Europe/Berlin', '2026-10-24T23:45Z', 5), [
    '2026-10-25T00:00',
    '2026-10-25T00:30',
    '2026-10-25T01:00',
    '2026-10-25T01:30',
    '2026-10-25T02:00',
  ])
})

test('a cron expression has five fields or six, and no more than one tick a minute', () => {
  for (const good of ['0 3 * * *', '30 0 3 * * mon-fri', '*/5 * * * *', '0 0 29 2 *', '0 3 L * *'])
    assert.equal(cronProblem(good), null, good)
  for (const [bad, problem] of [
    ['', /there are 0$/],
    ['0 3 * *', /^expected 5 fields .* there are 4$/],
    ['@daily', /there are 1$/],
    ['0 0 3 * * * *', /there are 7$/],
    ['61 3 * * *', /value 61 expected range 0-59/],
    ['0 0 30 2 *', /^expected a cron expression/],
    ['* * * * * *', /a minute apart/],
    ['0,30 59 23 31 12 *', /a minute apart/],
    ['H 3 * * *', /no H/],
    ['0 H(0-7) * * *', /no H/],
    ['0 3 * * banana', /^expected a cron expression/],
  ] as const)
    assert.match(cronProblem(bad) ?? 'none', problem, bad)
})

test('a time zone is a name of the IANA database', () => {
  for (const good of ['UTC', 'Europe/Berlin', 'America/New_York']) assert.ok(isTimeZone(good), good)
  for (const bad of ['', 'Europe/Berln', '+01:00', 'local', 'CEST'])
    assert.ok(!isTimeZone(bad), bad)
})
