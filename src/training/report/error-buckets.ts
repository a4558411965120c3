import type { ErrorBucket } from '../../model/report.ts'

/** Errors by the number of training ratings, in buckets that double: 0, 1, 2–3, 4–7, 8–15 … */
export type ErrorBuckets = {
  add(trainingRatings: number, error: number): void
  /** From 0 to the last with a row, those without any among them; empty before the first row. */
  buckets(): ErrorBucket[]
}

/** Bucket b > 0 is 2^(b−1) … 2^b − 1; RMSE = √(Σ error² / rows). */
export function createErrorBuckets(): ErrorBuckets {
  const squared: number[] = []
  const rows: number[] = []
  return {
    add(trainingRatings, error) {
      const bucket = 32 - Math.clz32(trainingRatings)
      while (rows.length <= bucket) {
        rows.push(0)
        squared.push(0)
      }
      rows[bucket]! += 1
      squared[bucket]! += error * error
    },
    buckets: () =>
      rows.map((count, bucket) => ({
        from: bucket === 0 ? 0 : 2 ** (bucket - 1),
        to: bucket === 0 ? 0 : 2 ** bucket - 1,
        rows: count,
        rmse: count === 0 ? null : Math.sqrt(squared[bucket]! / count),
      })),
  }
}
