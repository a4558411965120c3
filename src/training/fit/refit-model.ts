import type { Ratings } from '../../model/data/ratings.ts'
import { resolvedRanking } from '../../model/spec/ranking-spec.ts'
import type { TrainingSpec } from '../../model/spec/training-spec.ts'
import type { Fit, FitHooks, FitTask } from '../fit-task.ts'
import type { StepPulse } from '../pulse.ts'
import { prepareTrainingData } from '../splitting/training-data.ts'
import { fitModel } from './fit-model.ts'
import { shareGoingOn } from './fit-wanted-ranking.ts'

/** What was asked of the first fit, and the rows of both. */
type RefitTask = Pick<FitTask, 'attributes' | 'spec' | 'backend'> & {
  readonly ratings: Ratings
  readonly hooks?: Pick<FitHooks, 'onSetback'>
}

/** What a refit does of the work of a first fit. */
export const refitShares = {
  /** Of the sweeps of `bayes`: the average is over fewer draws, each of them from more ratings. */
  sweeps: 0.5,
  /**
   * Of the epochs that follow from the data: on more rows each has more steps, and on inner splits
   * the last quarter of them hardly moved the error.
   */
  epochs: 0.75,
  /** Of the ranking's epochs, which go on from the movies of the first fit. */
  rankingEpochs: shareGoingOn,
}

/**
 * Fits on all rows what was fitted and measured without those held out, so that what serves knows
 * every rating, user and movie: the same settings, the epochs that were asked for or that early
 * stopping found, three quarters of those that follow from the data, and the intervals of the first
 * fit, which were calibrated on rows that it had not seen. After a warm start this one starts from
 * the vectors of the first fit, and in as few epochs.
 */
export async function refitModel(
  first: Fit,
  { ratings, attributes, backend, spec: asked, hooks = {} }: RefitTask,
  pulse: StepPulse,
): Promise<Fit> {
  const spec = shortened(first.run.spec, asked)
  pulse.step('prepare')
  await pulse.beat(0)
  const data = prepareTrainingData(ratings, undefined, {
    ...spec,
    split: { ...spec.split, valid: 0 },
    earlyStopping: null,
  })
  const again = await fitModel(
    {
      ...{ data, spec, backend, first },
      warm: first.matched ? { spec: first.run.spec, vectors: first.start! } : undefined,
      ...(attributes && { attributes }),
      hooks: { onSetback: (reason) => hooks.onSetback?.(reason) },
    },
    pulse,
  )
  const { intervals } = first.model
  return {
    ...again,
    model: { ...again.model, intervals: intervals && { ...intervals, ...again.counts } },
  }
}

function shortened(spec: Fit['run']['spec'], asked: TrainingSpec): Fit['run']['spec'] {
  const { ranking } = spec
  const fewer = ranking && {
    ...ranking,
    epochs: Math.ceil(refitShares.rankingEpochs * resolvedRanking(ranking)!.epochs),
  }
  if ('sweeps' in spec)
    return { ...spec, ranking: fewer, sweeps: Math.ceil(refitShares.sweeps * spec.sweeps) }
  const isByData = 'epochs' in asked && asked.epochs === 'auto' && !asked.earlyStopping
  const epochs = isByData ? Math.round(refitShares.epochs * spec.epochs) : spec.epochs
  return { ...spec, ranking: fewer, epochs, earlyStopping: null }
}
