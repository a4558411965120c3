import type { Examples } from '../../openapi/example.ts'
import { model } from '../../openapi/example-movies.ts'

export const examples = {
  isAlive: { answer: { status: 'ok' } },
  isReady: {
    parameters: { for: 'writes' },
    answer: { status: 'ok', redis: true, model, reasons: [] },
  },
  listEngines: {
    answer: {
      server: {
        host: 'films-1',
        checkedAt: '2026-01-02T07:59:00.000Z',
        engines: [
          {
            engine: 'simd',
            backend: 'wasm',
            isAvailable: true,
            device: 'WebAssembly SIMD, 4 threads',
            isSoftware: false,
            reason: null,
          },
        ],
        auto: [{ algorithm: 'bayes', engine: 'simd', backend: 'wasm' }],
      },
      workers: [],
    },
  },
} as const satisfies Examples
