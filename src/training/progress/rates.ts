import { ownThreads } from '../../numeric/parallel/own-threads.ts'

/** Seconds a unit of work, by kind. */
export type Rates = Readonly<Record<string, number>>

/** The rates of a job: what is expected, and what was measured. */
export type RateBook = {
  /** Seconds a unit: as measured, else as expected, corrected by how this job compares. */
  rateOf(kind: string): number
  /** A step took so long for so many units. */
  learn(kind: string, seconds: number, units: number): void
  /** A step that is under way has taken so long so far. */
  observe(kind: string, seconds: number, units: number): void
  measured(): Rates
}

/** A second measurement of a kind weighs as much as all before it. */
const keeping = 0.5
/** Seconds of measuring that weigh as much as the expectation that this job is like the others. */
const trust = 2
const mostFactor = 100

/** A book over the rates of earlier jobs on this machine; those not among them are built in. */
export function createRateBook(remembered: Rates, known: Rates = builtIn()): RateBook {
  const sums = new Map<string, { seconds: number; units: number }>()
  let current: { kind: string; seconds: number; units: number } | null = null
  const speed = meanRatio(Object.entries(remembered), (kind) => known[kind])

  const expected = (kind: string) => remembered[kind] ?? (known[kind] ?? 0) * speed
  /** How much slower this job is than expected. */
  const factor = () => {
    const all = [...sums].map(([kind, sum]) => ({ kind, ...sum }))
    if (current && current.units > 0) all.push(current)
    let weights = trust
    let sum = 0
    for (const { kind, seconds, units } of all) {
      const before = expected(kind) * units
      if (before <= 0 || seconds <= 0) continue
      sum += seconds * Math.log(Math.min(mostFactor, Math.max(1 / mostFactor, seconds / before)))
      weights += seconds
    }
    return Math.exp(sum / weights)
  }

  return {
    rateOf(kind) {
      const own = sums.get(kind)
      return own ? own.seconds / own.units : expected(kind) * factor()
    },
    learn(kind, seconds, units) {
      if (current?.kind === kind) current = null
      if (!(units > 0) || !(seconds > 0)) return
      const before = sums.get(kind) ?? { seconds: 0, units: 0 }
      sums.set(kind, {
        seconds: keeping * before.seconds + seconds,
        units: keeping * before.units + units,
      })
    },
    observe(kind, seconds, units) {
      current = { kind, seconds, units }
    },
    measured: () =>
      Object.fromEntries([...sums].map(([kind, { seconds, units }]) => [kind, seconds / units])),
  }
}

/** The geometric mean of what is remembered in terms of what is built in; 1 where nothing is. */
function meanRatio(
  entries: readonly (readonly [string, number])[],
  knownOf: (kind: string) => number | undefined,
): number {
  const logs = entries.flatMap(([kind, rate]) => {
    const known = knownOf(kind)
    return known && rate > 0 ? [Math.log(rate / known)] : []
  })
  return logs.length === 0 ? 1 : Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length)
}

/**
 * Of a laptop's processor, one thread: to begin with, until a machine has measured its own. What
 * threads share is divided by their number.
 */
const ofOneThread: Rates = {
  load: 3e-7,
  prepare: 1e-6,
  biases: 6e-7,
  'setup bayes': 4e-6,
  'setup dot-bias': 5e-7,
  'setup dot': 5e-7,
  'setup net': 5e-7,
  rate: 1.2e-9,
  'epochs simd adam': 4e-8,
  'epochs simd sgd': 3e-8,
  'epochs simd net': 2e-9,
  intervals: 2.5e-8,
  cases: 1.5e-7,
  predictions: 3e-9,
  baselines: 3e-6,
  turning: 1e-8,
  compression: 1e-8,
  publish: 1e-8,
  seconds: 1,
}
const ofAllThreads: Rates = {
  'epochs simd per-rating': 1.2e-9,
  'burn-in': 5.9e-10,
  sampling: 8e-10,
  settings: 5.2e-10,
  factors: 1.55e-10,
  lists: 1.5e-8,
}
function builtIn(): Rates {
  const threads = ownThreads()
  const shared = Object.entries(ofAllThreads).map(([kind, rate]) => [kind, rate / threads])
  return { ...ofOneThread, ...Object.fromEntries(shared) }
}
