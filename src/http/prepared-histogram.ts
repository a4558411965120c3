import type { Metric, Registry } from 'prom-client'

export type PreparedHistogram = {
  /** Gives what takes the values of one set of labels. */
  prepare(labels: Readonly<Record<string, string>>): (value: number) => void
}

type Series = {
  readonly labels: Readonly<Record<string, string>>
  /** Of each bucket, and behind them of what lies above all. */
  readonly counts: Float64Array
  sum: number
}

/**
 * A histogram in a registry of prom-client, whose own builds and hashes a text of all labels at every
 * value: under load that is as dear as a twentieth of a prediction, and this is not.
 */
export function prepareHistogram(
  register: Registry,
  { name, help, buckets }: { name: string; help: string; buckets: readonly number[] },
): PreparedHistogram {
  const all: Series[] = []
  const valuesOf = ({ labels, counts, sum }: Series) => {
    let count = 0
    const steps = [...counts].map((step, i) => {
      count += step
      const le = i < buckets.length ? `${buckets[i]}` : '+Inf'
      return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: count }
    })
    return [
      ...steps,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ]
  }
  const metric = {
    name,
    get: async () => ({ name, help, type: 'histogram', values: all.flatMap(valuesOf) }),
  }
  register.registerMetric(metric as unknown as Metric)
  return {
    prepare(labels) {
      const series = { labels, counts: new Float64Array(buckets.length + 1), sum: 0 }
      all.push(series)
      return (value) => {
        let bucket = 0
        while (bucket < buckets.length && value > buckets[bucket]!) bucket++
        series.counts[bucket]! += 1
        series.sum += value
      }
    },
  }
}
