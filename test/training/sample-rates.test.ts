import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleSchedule } from '../../src/training/learning-rate/schedule.ts'

const ratesAt = (step: number) => ({ learningRate: 1 / (step + 1), momentum: step / 2 })

test('a short training keeps the rates of every step', () => {
  assert.deepEqual(sampleSchedule(ratesAt, 3), [
    { step: 0, learningRate: 1, momentum: 0 },
    { step: 1, learningRate: 1 / 2, momentum: 0.5 },
    { step: 2, learningRate: 1 / 3, momentum: 1 },
  ])
  assert.deepEqual(
    sampleSchedule(ratesAt, 1).map(({ step }) => step),
    [0],
  )
  assert.deepEqual(sampleSchedule(ratesAt, 0), [])
})

for (const steps of [500, 501, 999, 1_000, 123_457])
  test(`of ${steps} steps 500 are kept, in order, with the first and the last`, () => {
    const kept = sampleSchedule(ratesAt, steps).map(({ step }) => step)
    assert.deepEqual([kept.length, kept[0], kept.at(-1)], [500, 0, steps - 1])
    const gaps = kept.slice(1).map((step, i) => step - kept[i]!)
    assert.ok(Math.min(...gaps) >= 1 && Math.max(...gaps) - Math.min(...gaps) <= 1)
  })
