import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSchedule, plannedEpochs } from '../../src/training/learning-rate/schedule.ts'
import { ratedSpec } from './planted-ratings.ts'

const stepsPerEpoch = 100
const specOf = (changes: object) => ratedSpec({ algorithm: 'dot-bias', ...changes })

function ratesOf(changes: object) {
  const schedule = createSchedule(specOf(changes))
  return (step: number) => schedule(step, stepsPerEpoch)
}

function near(actual: number, expected: number) {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual}, expected ${expected}`)
}

test('one-cycle rises over a quarter from lr/25 and falls to lr/100,000 as the momentum mirrors it', () => {
  const rates = ratesOf({ schedule: 'one-cycle', epochs: 4, learningRate: 0.005 })
  const expected: [number, number, number][] = [
    [0, 0.0002, 0.95],
    [50, 0.0026, 0.9],
    [100, 0.005, 0.85],
    [250, (0.005 + 5e-8) / 2, 0.9],
    [400, 5e-8, 0.95],
  ]
  for (const [step, learningRate, momentum] of expected) {
    near(rates(step).learningRate, learningRate)
    near(rates(step).momentum, momentum)
  }
})

test('phases change the rate at the start of an epoch and their sum is what is planned', () => {
  const changes = {
    schedule: 'phases',
    epochs: 99,
    phases: [
      { epochs: 3, learningRate: 0.1 },
      { epochs: 2, learningRate: 0.01 },
    ],
  }
  const rates = ratesOf(changes)
  assert.equal(plannedEpochs(specOf(changes)), 5)
  assert.deepEqual(
    [0, 299, 300, 499].map((step) => rates(step).learningRate),
    [0.1, 0.1, 0.01, 0.01],
  )
})

test('cosine restarts at the full rate, each cycle longer than the one before', () => {
  const rates = ratesOf({
    schedule: 'cosine',
    learningRate: 0.2,
    momentum: 0.8,
    cycleLength: 1,
    cycleMultiplier: 2,
  })
  const expected = [
    [0, 0.2],
    [50, 0.1],
    [100, 0.2],
    [200, 0.1],
    [300, 0.2],
    [500, 0.1],
    [700, 0.2],
  ]
  for (const [step, rate] of expected) near(rates(step!).learningRate, rate!)
  assert.equal(rates(50).momentum, 0.8)
  assert.ok(rates(99).learningRate < 1e-4)
})

test('constant stays at the rate and momentum of the spec', () => {
  const rates = ratesOf({ schedule: 'constant', learningRate: 0.3, momentum: 0.7, epochs: 6 })
  for (const step of [0, 1, 555]) {
    assert.equal(rates(step).learningRate, 0.3)
    assert.equal(rates(step).momentum, 0.7)
  }
  assert.equal(plannedEpochs(specOf({ schedule: 'constant', epochs: 6 })), 6)
})
