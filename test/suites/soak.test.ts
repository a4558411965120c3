import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createRandom } from '../../src/numeric/random/random.ts'
import { runSoak } from '../support/soak/run-soak.ts'
import { slopeOf } from '../support/soak/slopes.ts'

const times = Array.from({ length: 96 }, (_, i) => i / 120)
const noise = (seed: number) => {
  const random = createRandom(seed, 'noise')
  return times.map(() => random.normal())
}

test('a line has its slope, whatever single values do', () => {
  void fc.assert(
    fc.property(fc.double({ min: -50, max: 50, noNaN: true }), fc.nat(95), (slope, odd) => {
      const values = times.map((at, i) => 7 + slope * at + (i === odd ? 1e6 : 0))
      assert.ok(Math.abs(slopeOf(times, values).slope - slope) < 1 + Math.abs(slope) / 10)
    }),
    { numRuns: 20 },
  )
})

test('what leaks is told from what does not', () => {
  let still = 0
  for (let seed = 1; seed <= 20; seed++) {
    const values = noise(seed)
    if (!slopeOf(times, values).differsFromZero) still += 1
    const leaking = slopeOf(
      times,
      values.map((value, i) => value + 6 * times[i]!),
    )
    assert.ok(leaking.differsFromZero && leaking.low > 0, `seed ${seed}`)
  }
  assert.ok(still >= 16, `${still} of 20 without a leak have none`)
})

test('a short soak answers and measures', async () => {
  const { asked, slopes } = await runSoak({ minutes: 0.1, seed: 1, sampleMs: 300 })
  for (const kind of ['import', 'read', 'rate', 'erase', 'train', 'look'])
    assert.ok(asked[kind], kind)
  assert.ok(asked['rate']!.good > 0)
  assert.ok(slopes['serve: descriptors']!.median > 10)
  assert.ok(slopes['store: files but receipts']!.median >= 1)
})
