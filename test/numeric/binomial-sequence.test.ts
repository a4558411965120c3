import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRandom } from '../../src/numeric/random/random.ts'
import {
  chanceInterval,
  logEvidence,
  type Outcomes,
} from '../../src/numeric/statistics/binomial-sequence.ts'
import { logBeta, logGamma } from '../../src/numeric/statistics/log-beta.ts'

const prior = { a: 20, b: 20 }
const alpha = 0.05

test('the gamma function is the factorial, and that of halves the root of π', () => {
  let factorial = 1
  for (let n = 1; n <= 20; n++) {
    assert.ok(
      Math.abs(logGamma(n) - Math.log(factorial)) < 1e-11 * Math.max(1, Math.log(factorial)),
    )
    factorial *= n
  }
  assert.ok(Math.abs(logGamma(0.5) - Math.log(Math.sqrt(Math.PI))) < 1e-11)
  assert.ok(Math.abs(logBeta(3, 4) - Math.log(1 / 60)) < 1e-12)
})

test('evidence is the mean likelihood over what was thought likely, over that of the chance', () => {
  const outcomes = { successes: 13, failures: 7 }
  const steps = 20_000
  let [mass, mean] = [0, 0]
  for (let i = 0; i < steps; i++) {
    const x = (i + 0.5) / steps
    const density = x ** (prior.a - 1) * (1 - x) ** (prior.b - 1)
    mass += density
    mean += density * x ** outcomes.successes * (1 - x) ** outcomes.failures
  }
  const expected = Math.log(mean / mass) - 13 * Math.log(0.4) - 7 * Math.log(0.6)
  assert.ok(Math.abs(logEvidence(outcomes, 0.4, prior) - expected) < 1e-6)
})

test('the interval has the chances with less evidence than 1/α against them, and no others', () => {
  const counts = fc.record({ successes: fc.nat(5_000), failures: fc.nat(5_000) })
  fc.assert(
    fc.property(counts, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (outcomes, chance) => {
      const [lowest, highest] = chanceInterval(outcomes, alpha, prior)
      const isIn = logEvidence(outcomes, chance, prior) < -Math.log(alpha)
      const edge = Math.min(Math.abs(chance - lowest), Math.abs(chance - highest))
      assert.ok(edge < 1e-9 || isIn === (lowest < chance && chance < highest))
    }),
    { seed: 16 },
  )
})

/** Tosses with a chance, looked at after each of them: how often some look has a property. */
function shareOfRuns(
  { runs, tosses, chance }: { runs: number; tosses: number; chance: number },
  isSo: (outcomes: Outcomes) => boolean,
): number {
  let found = 0
  for (let run = 0; run < runs; run++) {
    const random = createRandom(run, `tosses of ${chance}`)
    const outcomes = { successes: 0, failures: 0 }
    for (let toss = 0; toss < tosses; toss++) {
      if (random.uniform() < chance) outcomes.successes += 1
      else outcomes.failures += 1
      if (!isSo(outcomes)) continue
      found += 1
      break
    }
  }
  return found / runs
}

test('looked at after every toss, a chance is refuted in few of many runs, whatever it is', () => {
  for (const chance of [0.5, 0.1, 0.9]) {
    const refuted = shareOfRuns({ runs: 400, tosses: 1_000, chance }, (outcomes) => {
      return logEvidence(outcomes, chance, prior) >= -Math.log(alpha)
    })
    assert.ok(refuted <= alpha, `${chance}: ${refuted}`)
  }
  const interval = shareOfRuns({ runs: 40, tosses: 300, chance: 0.3 }, (outcomes) => {
    const [lowest, highest] = chanceInterval(outcomes, alpha, prior)
    return 0.3 < lowest || highest < 0.3
  })
  assert.ok(interval <= alpha, `${interval}`)
})

test('an ordinary test that is looked at after every toss would refute most chances', () => {
  const refuted = shareOfRuns({ runs: 400, tosses: 1_000, chance: 0.5 }, (outcomes) => {
    const { successes, failures } = outcomes
    return Math.abs(successes - failures) > 1.96 * Math.sqrt(successes + failures)
  })
  assert.ok(refuted > 0.3, `${refuted}`)
})
