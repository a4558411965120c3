import type { LearningRateOfStep } from '../../model/report.ts'
import type { BayesSpec, ResolvedSteppedSpec, SteppedSpec } from '../../model/spec/training-spec.ts'

export type Rates = { readonly learningRate: number; readonly momentum: number }

/** The rates of a step, counted from 0 over the whole training. */
export type Schedule = (step: number, stepsPerEpoch: number) => Rates

type Named<Key extends keyof ResolvedSteppedSpec> = Pick<ResolvedSteppedSpec, Key>

/** Epochs that are planned: with "phases" their sum, else `epochs`; of `bayes`, all sweeps. */
export function plannedEpochs(
  spec: Named<'schedule' | 'phases' | 'epochs'> | Pick<BayesSpec, 'burnIn' | 'sweeps' | 'chains'>,
): number {
  if ('sweeps' in spec) return spec.chains * (spec.burnIn + spec.sweeps)
  const { schedule, phases, epochs } = spec
  if (schedule !== 'phases' || phases.length === 0) return epochs
  return phases.reduce((sum, phase) => sum + phase.epochs, 0)
}

/**
 * The schedule that a spec names; "phases" without any phase is "constant", and so is
 * "self-adjusting", which the pace then multiplies.
 */
export function createSchedule(spec: ResolvedSteppedSpec): Schedule {
  switch (spec.schedule) {
    case 'constant':
    case 'self-adjusting':
      return () => spec
    case 'phases':
      return phased(spec)
    case 'one-cycle':
      return oneCycle(spec)
    case 'cosine':
      return cosineRestarts(spec)
  }
}

function phased(spec: Named<'phases' | 'learningRate' | 'momentum'>): Schedule {
  const { phases, momentum } = spec
  return (step, stepsPerEpoch) => {
    let epochsLeft = Math.floor(step / stepsPerEpoch)
    for (const phase of phases) {
      if (epochsLeft < phase.epochs) return { learningRate: phase.learningRate, momentum }
      epochsLeft -= phase.epochs
    }
    return { learningRate: phases.at(-1)?.learningRate ?? spec.learningRate, momentum }
  }
}

/** from at 0, to at 1: from + (to − from)·(1 − cos πx)/2 */
function cosine(from: number, to: number, x: number): number {
  return from + ((to - from) * (1 - Math.cos(Math.PI * x))) / 2
}

const warmUp = 0.25

/**
 * fast.ai's fit_one_cycle: over the first quarter the rate rises from lr/25 to lr while the
 * momentum falls from 0.95 to 0.85; then the rate falls to lr/100,000 and the momentum returns.
 */
function oneCycle({ learningRate, epochs }: Named<'learningRate' | 'epochs'>): Schedule {
  return (step, stepsPerEpoch) => {
    const x = step / (epochs * stepsPerEpoch)
    if (x < warmUp)
      return {
        learningRate: cosine(learningRate / 25, learningRate, x / warmUp),
        momentum: cosine(0.95, 0.85, x / warmUp),
      }
    const y = (x - warmUp) / (1 - warmUp)
    return {
      learningRate: cosine(learningRate, learningRate / 1e5, y),
      momentum: cosine(0.85, 0.95, y),
    }
  }
}

/**
 * Cosine annealing with warm restarts (Loshchilov and Hutter, SGDR): in each cycle the rate falls
 * from lr to 0; a cycle has `cycleMultiplier` times the epochs of the one before.
 */
function cosineRestarts(
  spec: Named<'learningRate' | 'momentum' | 'cycleLength' | 'cycleMultiplier'>,
): Schedule {
  return (step, stepsPerEpoch) => {
    let start = 0
    let length = spec.cycleLength * stepsPerEpoch
    while (step >= start + length) {
      start += length
      length *= spec.cycleMultiplier
    }
    const learningRate = cosine(spec.learningRate, 0, (step - start) / length)
    return { learningRate, momentum: spec.momentum }
  }
}

/** Rates of at most `points` steps, equally far apart, the first and the last among them. */
export function sampleSchedule(
  ratesAt: (step: number) => Rates,
  steps: number,
  points = 500,
): LearningRateOfStep[] {
  const count = Math.min(steps, points)
  return Array.from({ length: count }, (_, i) => {
    const step = count === 1 ? 0 : Math.round((i * (steps - 1)) / (count - 1))
    const { learningRate, momentum } = ratesAt(step)
    return { step, learningRate, momentum }
  })
}

/** A factor of the schedule's rates: 1, unless the schedule is "self-adjusting". */
export type Pace = {
  readonly factor: number
  /** To be told the training error of each epoch. */
  learn(trainMse: number): void
}

/**
 * The self-adjusting rate of MyMediaLite's matrix factorisation ("bold driver", Battiti 1989):
 * after an epoch with a lower training error the rate grows by 5 %, after any other it is halved.
 */
export function createPace({ schedule }: Pick<SteppedSpec, 'schedule'>): Pace {
  let factor = 1
  let last = Number.POSITIVE_INFINITY
  return {
    get factor() {
      return factor
    },
    learn(trainMse) {
      if (schedule !== 'self-adjusting') return
      if (last !== Number.POSITIVE_INFINITY) factor *= trainMse < last ? 1.05 : 0.5
      last = trainMse
    },
  }
}
