import type { Examples } from '../../openapi/example.ts'

const model = {
  version: '20260102t080000000-7d1e52c4',
  createdAt: '2026-01-02T08:00:00.000Z',
  jobId: null,
  spec: {
    algorithm: 'bayes',
    factors: 15,
    sweeps: 1,
    burnIn: 100,
    chains: 1,
    bagOfMovies: true,
    bagOfUsers: true,
    attributes: true,
    savedFactors: 64,
    engine: 'auto',
    seed: 42,
    split: { method: 'random', valid: 0.2 },
    earlyStopping: null,
    ranking: {
      factors: 64,
      epochs: 12,
      unobservedWeight: 0.1,
      regularization: 0.3,
      regularizationExponent: 0.5,
      likedFrom: 4,
      lowTarget: 0.5,
      recency: 1,
    },
  },
  engine: 'simd',
  backend: 'wasm',
  device: 'WebAssembly SIMD, 4 threads',
  data: { version: '5c2e8a91', ratings: 12, users: 4, movies: 6, trainRows: 8, validRows: 4 },
  trainSeconds: 0.5,
  rankingSeconds: 0.1,
  epochs: [
    {
      epoch: 1,
      epochs: 1,
      trainMse: 0.71,
      validMse: 0.74,
      learningRate: null,
      ratingsPerSecond: 250000,
      seconds: 0.5,
    },
  ],
  metrics: { rmse: 0.8602, mse: 0.74, mae: 0.66, rows: 4 },
  rankingMetrics: { 'ndcg@10': 0.21, 'recall@10': 0.3, 'hit@10': 0.5, users: 2 },
  baselines: {
    'global-mean': { rmse: 1.0296, mse: 1.06, mae: 0.85, rows: 4 },
    'bias-only': { rmse: 0.9, mse: 0.81, mae: 0.7, rows: 4 },
  },
  intervals: null,
  tensors: {
    file: 'model.safetensors',
    sizeBytes: 3550,
    sha256: 'ba41a58f593d641a1cfa3c755f8af3f90999869745876dcb747931f62e0084a0',
  },
  serving: true,
}

export const examples = {
  listModels: { answer: { serving: model.version, refusal: null, items: [model] } },
  getModel: { parameters: { version: '20260102t080000000-7d1e52c4' }, answer: model },
  getModelReport: {
    parameters: { version: '20260102t080000000-7d1e52c4' },
    answer: {
      algorithm: 'bayes',
      losses: [{ epoch: 1, trainMse: 0.71, validMse: 0.74 }],
      rates: [],
      predictedVsActual: {
        columnSpacing: 0.25,
        rowSpacing: 0.2887,
        rows: 4,
        bins: [{ actual: 4, predicted: 3.8971, count: 4 }],
      },
      errorByUserRatings: [{ from: 2, to: 3, rows: 4, rmse: 0.8602 }],
      errorByMovieRatings: [{ from: 1, to: 1, rows: 4, rmse: 0.8602 }],
      tensors: [{ name: 'user_factors', dtype: 'F32', shape: [4, 3], sizeBytes: 48 }],
      model: '20260102t080000000-7d1e52c4',
    },
  },
  promoteModel: {
    parameters: { version: '20260101t080000000-0b9f3c65' },
    answer: { model: '20260101t080000000-0b9f3c65', previous: '20260102t080000000-7d1e52c4' },
  },
  rollbackModel: {
    answer: { model: '20260101t080000000-0b9f3c65', previous: '20260102t080000000-7d1e52c4' },
  },
} as const satisfies Examples
