import type { Rates } from '../../src/training/learning-rate/schedule.ts'

/** Ratings and weights for the plain steps, factors [rows, k] in C order. */
export type PlainTraining = {
  readonly userIndex: Uint32Array
  readonly movieIndex: Uint32Array
  readonly rating: Float32Array
  readonly k: number
  readonly userFactors: Float32Array
  readonly movieFactors: Float32Array
  readonly userBias: Float32Array
  readonly movieBias: Float32Array
  readonly userScale: Float32Array
  readonly movieScale: Float32Array
  readonly lowest: number
  /** 0: no sigmoid. */
  readonly span: number
}

/** The formula of the kernel `stepPerRating`, as one would write it in TypeScript. Gives Σ e². */
export function plainStepPerRating(
  training: PlainTraining,
  from: number,
  to: number,
  rate: number,
  weightDecay: number,
): number {
  const { userIndex, movieIndex, rating, k, userFactors, movieFactors } = training
  const { userBias, movieBias, userScale, movieScale, lowest, span } = training
  let squared = 0
  for (let i = from; i < to; i++) {
    const user = userIndex[i]!
    const movie = movieIndex[i]!
    const u = user * k
    const v = movie * k
    let z = userBias[user]! + movieBias[movie]!
    for (let f = 0; f < k; f++) z += userFactors[u + f]! * movieFactors[v + f]!
    let error = z - rating[i]!
    let slope = 2 * error
    if (span > 0) {
      const sigma = 1 / (1 + Math.exp(-z))
      error = lowest + span * sigma - rating[i]!
      slope = 2 * error * span * sigma * (1 - sigma)
    }
    squared += error * error
    const step = -rate * slope
    const keepUser = 1 - rate * weightDecay * userScale[user]!
    const keepMovie = 1 - rate * weightDecay * movieScale[movie]!
    for (let f = 0; f < k; f++) {
      const x = userFactors[u + f]!
      const y = movieFactors[v + f]!
      userFactors[u + f] = keepUser * x + step * y
      movieFactors[v + f] = keepMovie * y + step * x
    }
    userBias[user] = keepUser * userBias[user]! + step
    movieBias[movie] = keepMovie * movieBias[movie]! + step
  }
  return squared
}

export type PlainSettings = {
  readonly optimizer: 'sgd' | 'adam'
  readonly decay: 'decoupled' | 'l2'
  readonly weightDecay: number
  readonly beta2: number
  readonly epsilon: number
}

/** One parameter array with its optimiser's memory. */
export type PlainSlot = { p: Float64Array; m: Float64Array; v: Float64Array }

/** Moves every number by its gradient, as PyTorch's SGD and fast.ai's Adam do; step t is from 1. */
export function plainOptimizerStep(
  { p, m, v }: PlainSlot,
  gradient: Float64Array,
  { optimizer, decay, weightDecay, beta2, epsilon }: PlainSettings,
  { learningRate, momentum }: Rates,
  t: number,
): void {
  for (let i = 0; i < p.length; i++) {
    let g = gradient[i]!
    if (decay === 'decoupled') p[i]! -= learningRate * weightDecay * p[i]!
    else g += weightDecay * p[i]!
    if (optimizer === 'sgd') {
      m[i] = momentum * m[i]! + g
      p[i]! -= learningRate * m[i]!
      continue
    }
    m[i] = momentum * m[i]! + (1 - momentum) * g
    v[i] = beta2 * v[i]! + (1 - beta2) * g * g
    const unbiased = m[i]! / (1 - momentum ** t)
    p[i]! -= (learningRate * unbiased) / (Math.sqrt(v[i]! / (1 - beta2 ** t)) + epsilon)
  }
}
