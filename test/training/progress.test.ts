import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { jobPhases, progressText } from '../../src/model/progress.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { createProgressMeter, type MeterReport } from '../../src/training/progress/meter.ts'
import { planTraining } from '../../src/training/progress/plan-training.ts'
import type { PlannedPart } from '../../src/training/progress/planned.ts'
import type { Rates } from '../../src/training/progress/rates.ts'
import { sizesOf } from '../../src/training/progress/work.ts'
import { trainModel } from '../../src/training/train.ts'
import { plantedRatings } from './planted-ratings.ts'

/** A meter whose clock is moved by hand, in seconds. */
function meterWith(rates: Rates = {}) {
  let seconds = 0
  const meter = createProgressMeter({ rates, now: () => 1_000 * seconds })
  return { meter, pass: (more: number) => (seconds += more) }
}

const plan: PlannedPart[] = [
  {
    steps: [
      { name: 'prepare', kind: 'prepare', units: 100 },
      { name: 'epochs', kind: 'epochs', units: 1_000 },
      { name: 'settings', kind: 'ranking', units: 300 },
      { name: 'factors', kind: 'ranking', units: 600 },
    ],
  },
  { phase: 'refitting', steps: [{ name: 'epochs', kind: 'epochs', units: 500 }] },
  { steps: [{ name: 'publish', kind: 'publish', units: 10 }] },
]

test('the time left is exact where each kind of work takes as long as before', () => {
  const rates = { prepare: 0.1, epochs: 0.02, ranking: 0.05, publish: 1 }
  const { meter, pass } = meterWith(rates)
  assert.equal(meter.report().secondsLeft, null)
  meter.plan(plan)
  const left = () => meter.report().secondsLeft!
  const isNear = (expected: number) => assert.ok(Math.abs(left() - expected) < 1e-9, `${left()}`)
  meter.begin('prepare')
  isNear(10 + 20 + 15 + 30 + 10 + 10)
  pass(10)
  meter.begin('epochs')
  isNear(85)
  pass(10)
  meter.advance(0.5)
  isNear(75)
  assert.deepEqual(meter.report().share, 20 / 95)
  pass(10)
  meter.begin('factors')
  // The search was left out.
  isNear(30 + 10 + 10)
  pass(30)
  meter.begin('epochs')
  assert.equal(meter.report().phase, 'refitting')
  isNear(20)
  pass(10)
  meter.begin('publish')
  pass(10)
  meter.end()
  assert.deepEqual([meter.report().share, left()], [1, 0])
  for (const [kind, rate] of Object.entries(rates))
    assert.ok(Math.abs(meter.measured()[kind]! - rate) < 1e-9, kind)
})

test('a machine half as fast shows in what has not been measured yet', () => {
  const { meter, pass } = meterWith({ prepare: 0.1, epochs: 0.02, ranking: 0.05, publish: 1 })
  meter.plan(plan)
  meter.begin('epochs')
  pass(20)
  meter.advance(0.5)
  const { secondsLeft } = meter.report()
  const truth = 2 * (10 + 45 + 10 + 10)
  assert.ok(Math.abs(secondsLeft! / truth - 1) < 0.15, `${secondsLeft}`)
})

test('a step that says nothing goes on by the clock, but never to its end', () => {
  const { meter, pass } = meterWith({ prepare: 0.1, epochs: 0.02, ranking: 0.05, publish: 1 })
  meter.plan(plan)
  meter.begin('prepare')
  const before = meter.report().secondsLeft!
  pass(6)
  assert.ok(Math.abs(meter.report().secondsLeft! - (before - 6)) < 1e-9)
  pass(60)
  assert.ok(meter.report().secondsLeft! > before - 10)
})

test('what a step turns out to be is what its later namesakes will be', () => {
  const { meter, pass } = meterWith({ prepare: 0.1, epochs: 0.02, ranking: 0.05, publish: 1 })
  meter.plan(plan)
  meter.begin('epochs')
  const before = meter.report().secondsLeft!
  meter.resize(2_000)
  pass(0)
  assert.ok(Math.abs(meter.report().secondsLeft! - (before + 20 + 10)) < 1e-9)
})

test('a fit that begins anew does all of its steps again', () => {
  const { meter, pass } = meterWith({ prepare: 0.1, epochs: 0.02, ranking: 0.05, publish: 1 })
  meter.plan(plan)
  meter.begin('prepare')
  pass(10)
  meter.begin('epochs')
  pass(10)
  meter.advance(0.5)
  const { share } = meter.report()
  meter.again()
  meter.begin('epochs')
  assert.ok(Math.abs(meter.report().secondsLeft! - 85) < 1e-9)
  assert.deepEqual([meter.report().share, meter.report().phase], [share, 'training'])
})

test('burn-in and sampling take turns, and each keeps what it has done', () => {
  const { meter, pass } = meterWith({ 'burn-in': 1, sampling: 2 })
  meter.plan([
    {
      steps: [
        { name: 'burn-in', kind: 'burn-in', units: 2 },
        { name: 'sampling', kind: 'sampling', units: 2 },
      ],
    },
  ])
  for (const half of [0.5, 1])
    for (const [name, seconds] of [
      ['burn-in', 1],
      ['sampling', 2],
    ] as const) {
      meter.begin(name)
      pass(seconds)
      meter.advance(half)
      const left = { 'burn-in': [5, 2], sampling: [3, 0] }[name][half === 0.5 ? 0 : 1]!
      assert.ok(Math.abs(meter.report().secondsLeft! - left) < 1e-9, `${name} ${half}`)
    }
})

test('before there is a plan, a step that is nearly over says nothing of the whole', () => {
  let time = 0
  const meter = createProgressMeter({ now: () => time })
  meter.begin('load')
  for (const share of [0.5, 0.99]) {
    time += 1_000
    meter.advance(share)
    assert.deepEqual([meter.report().share, meter.report().secondsLeft], [0, null])
  }
  meter.plan([{ steps: [{ name: 'factors', kind: 'factors', units: 1e12 }] }])
  assert.ok(meter.report().share < 0.1, `${meter.report().share}`)
})

test('whatever is told, the share never falls, is below 1 before the end and then 1', () => {
  const names = ['prepare', 'epochs', 'settings', 'factors', 'publish', 'lists'] as const
  const action = fc.oneof(
    fc.record({ begin: fc.constantFrom(...names) }),
    fc.record({ advance: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({ resize: fc.double({ min: 0, max: 1e6, noNaN: true }) }),
    fc.record({ pass: fc.double({ min: 0, max: 1e4, noNaN: true }) }),
  )
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      const { meter, pass } = meterWith({ epochs: 0.02 })
      meter.plan(plan)
      let share = 0
      for (const one of actions) {
        if ('begin' in one) meter.begin(one.begin)
        else if ('advance' in one) meter.advance(one.advance)
        else if ('resize' in one) meter.resize(one.resize)
        else pass(one.pass)
        const report = meter.report()
        assert.ok(report.share >= share && report.share < 1, `${share} ${report.share}`)
        assert.ok(report.secondsLeft === null || report.secondsLeft >= 0)
        share = report.share
      }
      meter.end()
      assert.equal(meter.report().share, 1)
    }),
  )
})

for (const [algorithm, changes] of [
  ['dot-bias', { epochs: 3 }],
  ['dot-bias', { epochs: 20, earlyStopping: { patience: 1, share: 0.2 } }],
  ['bayes', { sweeps: 4, burnIn: 4, chains: 2 }],
] as const)
  test(`a training of ${algorithm} with ${JSON.stringify(changes)} comes to its phases in order`, async () => {
    const ratings = plantedRatings()
    const spec = trainingSpecSchema.parse({ algorithm, ranking: { epochs: 2 }, ...changes })
    const reports: MeterReport[] = []
    const meter = createProgressMeter({ onChange: () => void reports.push(meter.report()) })
    const serving = trainingSpecSchema.parse({ algorithm: 'dot-bias', epochs: 2, ranking: null })
    meter.plan(planTraining(sizesOf(ratings), spec, 'wasm', serving))
    const gate = { against: () => serving, admits: () => true }
    await trainModel({ ratings, spec, backend: 'wasm', hooks: { meter }, gate })
    meter.begin('publish')
    meter.end()
    const phases = reports.map(({ phase }) => phase)
    assert.deepEqual(
      phases.filter((phase, i) => phase !== phases[i - 1]),
      jobPhases.slice(jobPhases.indexOf('preparing')),
    )
    const shares = reports.map(({ share }) => share)
    assert.deepEqual(
      shares,
      shares.toSorted((a, b) => a - b),
    )
    assert.equal(shares.at(-1), 1)
    for (const { work } of reports) assert.ok(!work || work.done <= work.total, `${work?.done}`)
  })

test('epochs are planned as of the optimizer that "auto" comes to, of a refit as of the first fit', () => {
  const kindsOf = (rows: number) =>
    planTraining(
      { ratings: rows, users: 1_000, movies: 1_000 },
      trainingSpecSchema.parse({ algorithm: 'dot-bias', ranking: null }),
      'wasm',
    ).flatMap(({ steps }) => steps.map(({ kind }) => kind).filter((kind) => /^epochs/.test(kind)))
  const adam = 'epochs simd adam'
  assert.deepEqual(kindsOf(10_000), [adam, adam, adam])
  assert.deepEqual(kindsOf(600_000), [adam, adam])
  assert.deepEqual(kindsOf(700_000), ['epochs simd per-rating', 'epochs simd per-rating'])
})

test('the inner fits that choose what is kept of the learnt are planned, and never go back', async () => {
  const ratings = plantedRatings()
  for (const changes of [
    { algorithm: 'dot-bias', epochs: 2 },
    { algorithm: 'bayes', burnIn: 4, factors: 3 },
  ] as const) {
    const spec = trainingSpecSchema.parse({ ...changes, ranking: null })
    const parts = planTraining(sizesOf(ratings), spec, 'wasm')
    const planned = parts.map(({ steps }) => steps.find(({ name }) => name === 'share')?.units ?? 0)
    assert.ok(planned[0]! > 0, `${planned}`)
    assert.ok(planned.slice(1).every((units) => units === 0))
    const many = planTraining({ ...sizesOf(ratings), ratings: 100_000 }, spec, 'wasm')
    assert.ok(many.every(({ steps }) => steps.every(({ name }) => name !== 'share')))

    const meter = createProgressMeter()
    const shares: number[] = []
    let step = ''
    const watched = {
      ...meter,
      begin(...[name, change]: Parameters<typeof meter.begin>) {
        step = name
        meter.begin(name, change)
      },
      advance(share: number) {
        if (step === 'share') shares.push(share)
        meter.advance(share)
      },
    }
    meter.plan(parts)
    await trainModel({ ratings, spec, backend: 'wasm', hooks: { meter: watched } })
    assert.deepEqual(
      shares,
      shares.toSorted((a, b) => a - b),
    )
    // It is told of each of four fits.
    const fits = [...new Set(shares.map((share) => Math.floor(4 * share)))]
    assert.deepEqual(fits.slice(0, 4), [0, 1, 2, 3])
  }
})

test('a line tells the phase, the share and about how long it will take', () => {
  const of = (secondsLeft: number | null) =>
    progressText({ phase: 'ranking', share: 0.649, secondsLeft })
  assert.equal(of(41), 'ranking, 64 %, about 40 s left')
  assert.equal(of(0.2), 'ranking, 64 %, about 1 s left')
  assert.equal(of(100), 'ranking, 64 %, about 2 min left')
  assert.equal(of(8_000), 'ranking, 64 %, about 2.2 h left')
  assert.equal(of(null), 'ranking, 64 %')
})
