import type { ErrorBucket } from '../../model/report.ts'

/**
 * Errors [rows] by the training ratings [rows] of one side, in buckets from 0 to the last with a
 * row. Bucket b > 0 is 2^(b−1) … 2^b − 1; RMSE = √(Σ error² / rows).
 */
export function errorBuckets(
  trainingRatings: ArrayLike<number>,
  errors: ArrayLike<number>,
): ErrorBucket[] {
  const squared: number[] = []
  const rows: number[] = []
  for (let row = 0; row < errors.length; row++) {
    const bucket = 32 - Math.clz32(trainingRatings[row]!)
    while (rows.length <= bucket) squared[rows.push(0) - 1] = 0
    rows[bucket]! += 1
    squared[bucket]! += errors[row]! * errors[row]!
  }
  return rows.map((count, bucket) => ({
    from: bucket === 0 ? 0 : 2 ** (bucket - 1),
    to: bucket === 0 ? 0 : 2 ** bucket - 1,
    rows: count,
    rmse: count === 0 ? null : Math.sqrt(squared[bucket]! / count),
  }))
}
