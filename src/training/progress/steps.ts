import type { JobPhase } from '../../model/progress.ts'

/**
 * The steps of a job and the phase that each is of. A phase is what is told; a step is what has a
 * rate of its own.
 */
export const phaseOfStep = {
  load: 'loading',
  prepare: 'preparing',
  biases: 'preparing',
  setup: 'preparing',
  share: 'training',
  rate: 'training',
  epochs: 'training',
  'burn-in': 'training',
  sampling: 'training',
  turning: 'training',
  compression: 'training',
  settings: 'ranking',
  factors: 'ranking',
  intervals: 'measuring',
  cases: 'measuring',
  errors: 'measuring',
  lists: 'measuring',
  baselines: 'measuring',
  compare: 'comparing',
  trials: 'tuning',
  publish: 'publishing',
} as const satisfies Record<string, JobPhase>

export type StepName = keyof typeof phaseOfStep

/** Steps that take turns: to begin one does not end the other. */
export const takesTurns: ReadonlySet<StepName> = new Set(['burn-in', 'sampling', 'turning'])
