// Takes more than 15 s on a busy machine: three processes are started and killed, and must heal.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkHistory } from '../support/chaos/check-history.ts'
import type { FinalState, History, Operation } from '../support/chaos/history.ts'
import { runChaos } from '../support/chaos/run-chaos.ts'

test('whatever is killed, what was acknowledged is there once and whole, and nothing else', async () => {
  const only = ['kill serve', 'kill work', 'kill Redis']
  const { violations, operations } = await runChaos({ rounds: 2, seed: 7, only })
  assert.deepEqual(violations, [])
  for (const kind of ['rate', 'import', 'train'])
    assert.ok(operations[kind]!.ok! > 0, `some ${kind} was acknowledged`)
})

const rated = (user: string, movie: string, rating: number) => ({ user, movie, rating })
const operation = (one: Partial<Operation> & Pick<Operation, 'kind'>): Operation => {
  return { begun: 10, ended: 20, outcome: 'ok', ...one }
}
const file = [rated('i1', 'm1', 3), rated('i1', 'm2', 4), rated('i2', 'm1', 5)]
const history: History = {
  emptied: [],
  operations: [
    operation({ kind: 'import', ratings: file, id: 's1' }),
    operation({ kind: 'import', ratings: [rated('i9', 'm1', 1)], outcome: 'refused' }),
    operation({
      kind: 'import',
      ratings: [rated('i8', 'm1', 1), rated('i8', 'm2', 1)],
      outcome: 'unknown',
    }),
    operation({ kind: 'rate', ratings: [rated('r1', 'm1', 2)] }),
    operation({ kind: 'rate', ratings: [rated('r1', 'm1', 4)] }),
    operation({ kind: 'rate', ratings: [rated('r1', 'm1', 5)], outcome: 'unknown' }),
    operation({ kind: 'rate', ratings: [rated('r1', 'm2', 99)], outcome: 'refused' }),
    operation({ kind: 'erase', user: 'i2', id: 'e1' }),
    operation({ kind: 'train', id: 'j1' }),
    operation({ kind: 'promote', id: 'v1' }),
    operation({ kind: 'schedule' }),
  ],
}
const whole: FinalState = {
  ratings: [file[0]!, file[1]!, rated('r1', 'm1', 4)],
  imports: ['s1'],
  erasures: [{ id: 'e1', isFinished: true }],
  jobs: [{ id: 'j1', state: 'completed', detail: '' }],
  models: [{ version: 'v1', jobId: 'j1' }],
  ...{ serving: 'v1', served: ['v1'], ticks: ['12:00'], strays: [], leftOver: [], stuck: [] },
}
const found = (changed: Partial<FinalState>, given = history) =>
  checkHistory(given, { ...whole, ...changed }).map(({ kind }) => kind)

test('what follows from a history is no violation', () => {
  assert.deepEqual(found({}), [])
  const late = [file[0]!, file[1]!, rated('r1', 'm1', 5)]
  assert.deepEqual(found({ ratings: late }), [], 'what was not answered may have been done')
  const unknown = [...whole.ratings, rated('i8', 'm1', 1), rated('i8', 'm2', 1)]
  assert.deepEqual(found({ ratings: unknown, imports: ['s1', 's8'] }), [])
  const emptied = { ...history, emptied: [30] }
  const lost = { ratings: [file[0]!, file[1]!], jobs: [{ id: 'j1', state: null, detail: '' }] }
  assert.deepEqual(found(lost, emptied), [], 'what Redis alone had goes with it')
  assert.deepEqual(found(lost, { ...history, emptied: [5] }), ['lost', 'lost'])
})

test('each planted fault is found', () => {
  const [first, second, third] = whole.ratings as [
    (typeof file)[0],
    (typeof file)[0],
    (typeof file)[0],
  ]
  const faults: Record<string, [Partial<FinalState>, string]> = {
    'a rating is gone': [{ ratings: [first!, second!] }, 'lost'],
    'a rating is that before': [{ ratings: [first!, second!, rated('r1', 'm1', 2)] }, 'lost'],
    'a refused rating is there': [
      { ratings: [...whole.ratings, rated('r1', 'm2', 99)] },
      'phantom',
    ],
    'a rating is there twice': [{ ratings: [...whole.ratings, third!] }, 'doubled'],
    'a rating of nobody': [{ ratings: [...whole.ratings, rated('x', 'm1', 1)] }, 'phantom'],
    'half of an import': [{ ratings: [first!, third!] }, 'partial'],
    'half of an import without an answer': [
      { ratings: [...whole.ratings, rated('i8', 'm1', 1)] },
      'partial',
    ],
    'an import is gone': [{ ratings: [third!] }, 'lost'],
    'an import is not listed': [{ imports: [] }, 'lost'],
    'an import is listed twice': [{ imports: ['s1', 's1'] }, 'doubled'],
    'an erased user is back': [{ ratings: [...whole.ratings, file[2]!] }, 'lost'],
    'an erasure does not end': [{ erasures: [{ id: 'e1', isFinished: false }] }, 'stuck'],
    'a receipt is gone': [{ erasures: [] }, 'lost'],
    'a job is gone': [{ jobs: [{ id: 'j1', state: null, detail: '' }] }, 'lost'],
    'a job has failed': [{ jobs: [{ id: 'j1', state: 'failed', detail: '' }] }, 'lost'],
    'a job does not end': [{ jobs: [{ id: 'j1', state: 'running', detail: '' }] }, 'stuck'],
    'two models of a job': [
      { models: [...whole.models, { version: 'v2', jobId: 'j1' }] },
      'doubled',
    ],
    'another model serves': [{ served: ['v2', 'v1'] }, 'lost'],
    'a promotion is gone': [{ served: [] }, 'lost'],
    'a schedule is gone': [{ ticks: null }, 'lost'],
    'a tick is done twice': [{ ticks: ['12:00', '12:00'] }, 'doubled'],
    'a process is left': [{ strays: ['7 node'] }, 'stray'],
    'a file is left': [{ leftOver: ['orphaned models/x'] }, 'left over'],
  }
  for (const [name, [changed, kind]] of Object.entries(faults))
    assert.deepEqual([...new Set(found(changed))], [kind], name)
})
