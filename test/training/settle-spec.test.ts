import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { steppedSpecSchema } from '../../src/model/spec/training-spec.ts'
import type { BackendPreference } from '../../src/training/engines/engine.ts'
import { withOptimizer } from '../../src/training/fit/settle-spec.ts'

const many = 500_000

for (const algorithm of ['dot', 'dot-bias'])
  test(`${algorithm} takes a step for each of many ratings, at a rate of its own`, () => {
    const spec = steppedSpecSchema.parse({ algorithm })
    const { optimizer, learningRate, weightDecay, epochs } = withOptimizer(spec, many, 'auto')
    assert.deepEqual([optimizer, learningRate, weightDecay, epochs], ['per-rating', 0.03, 0.1, 8])
    assert.equal(withOptimizer(spec, many - 1, 'auto').optimizer, 'adam')
  })

test('what is set of the steps stays, of however many ratings', () => {
  const settings = fc.oneof(
    fc.record({ engine: fc.constantFrom('webgpu', 'tensorflow') }),
    fc.record({ schedule: fc.constantFrom('constant', 'cosine', 'self-adjusting') }),
    fc.record({ learningRate: fc.oneof(fc.constant('auto'), fc.double({ min: 0.01, max: 1 })) }),
    fc.record({ weightDecay: fc.double({ min: 0, max: 10, noNaN: true }) }),
    fc.record({ batchSize: fc.integer({ min: 65, max: 1_024 }) }),
    fc.record({ momentum: fc.constantFrom(0, 0.5) }),
    fc.record({ beta2: fc.constant(0.999), epsilon: fc.constant(1e-8) }),
    fc.record({ decay: fc.constant('l2') }),
    fc.record({ optimizer: fc.constantFrom('sgd', 'adam', 'per-rating') }),
    fc.record({ preset: fc.constant('fastai') }),
    fc.record({ algorithm: fc.constant('net') }),
  )
  fc.assert(
    fc.property(settings, fc.integer({ min: 0, max: 2 ** 31 }), (set, ratings) => {
      const spec = steppedSpecSchema.parse({ algorithm: 'dot-bias', ...set })
      const { optimizer, ...rest } = withOptimizer(spec, ratings, 'auto')
      assert.equal(optimizer, spec.optimizer === 'auto' ? 'adam' : spec.optimizer)
      const { optimizer: _, ...asked } = spec
      assert.deepEqual(rest, asked)
    }),
  )
})

test('epochs are as they were asked for', () => {
  const spec = steppedSpecSchema.parse({ algorithm: 'dot', epochs: 3 })
  assert.equal(withOptimizer(spec, many, 'auto').epochs, 3)
})

test('an engine that is not simd stays, where its backend is named, too', () => {
  const optimizerOn = (engine: string, backend: BackendPreference) =>
    withOptimizer(steppedSpecSchema.parse({ algorithm: 'dot', engine }), many, backend).optimizer
  for (const backend of ['cuda', 'webgpu'] as const) {
    assert.equal(optimizerOn('auto', backend), 'adam')
    assert.equal(optimizerOn('simd', backend), 'per-rating')
  }
  assert.equal(optimizerOn('auto', 'wasm'), 'per-rating')
})
