import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { steppedSpecSchema } from '../../src/model/spec/training-spec.ts'
import { withOptimizer } from '../../src/training/fit/settle-spec.ts'

const many = 500_000

for (const algorithm of ['dot', 'dot-bias'])
  test(`${algorithm} takes a step for each of many ratings, at a rate of its own`, () => {
    const spec = steppedSpecSchema.parse({ algorithm })
    const { optimizer, learningRate, weightDecay, epochs } = withOptimizer(spec, many)
    assert.deepEqual([optimizer, learningRate, weightDecay, epochs], ['per-rating', 0.03, 0.1, 8])
    assert.equal(withOptimizer(spec, many - 1).optimizer, 'adam')
  })

test('what is set of the steps stays, of however many ratings', () => {
  const settings = fc.oneof(
    fc.record({ engine: fc.constantFrom('webgpu', 'tensorflow') }),
    fc.record({ schedule: fc.constantFrom('constant', 'cosine', 'self-adjusting') }),
    fc.record({ learningRate: fc.oneof(fc.constant('auto'), fc.double({ min: 0.01, max: 1 })) }),
    fc.record({ weightDecay: fc.double({ min: 0, max: 10, noNaN: true }) }),
    fc.record({ optimizer: fc.constantFrom('sgd', 'adam', 'per-rating') }),
    fc.record({ preset: fc.constant('fastai') }),
    fc.record({ algorithm: fc.constant('net') }),
  )
  fc.assert(
    fc.property(settings, fc.integer({ min: 0, max: 2 ** 31 }), (set, ratings) => {
      const spec = steppedSpecSchema.parse({ algorithm: 'dot-bias', ...set })
      const { optimizer, ...rest } = withOptimizer(spec, ratings)
      assert.equal(optimizer, spec.optimizer === 'auto' ? 'adam' : spec.optimizer)
      const { optimizer: _, ...asked } = spec
      assert.deepEqual(rest, asked)
    }),
  )
})

test('epochs are as they were asked for', () => {
  const spec = steppedSpecSchema.parse({ algorithm: 'dot', epochs: 3 })
  assert.equal(withOptimizer(spec, many).epochs, 3)
})
