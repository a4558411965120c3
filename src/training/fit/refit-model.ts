import type { Pulse } from '../pulse.ts'
import { prepareTrainingData } from '../splitting/training-data.ts'
import type { TrainingTask } from '../train.ts'
import { type Fit, fitModel } from './fit-model.ts'

/** Of the sweeps of `bayes`: the average is over fewer draws, each of them from more ratings. */
const shareOfSweeps = 0.5
/** Of the ranking's epochs, which go on from the movies of the first fit. */
const shareOfRankingEpochs = 1 / 3

/**
 * Fits on all rows what was fitted and measured without those held out, so that what serves knows
 * every rating, user and movie: the same settings, the epochs that early stopping found, and the
 * intervals of the first fit, which were calibrated on rows that it had not seen.
 */
export async function refitModel(
  first: Fit,
  { ratings, attributes, backend, hooks = {} }: TrainingTask,
  pulse: Pulse,
): Promise<Fit> {
  const spec = shortened(first.run.spec)
  const data = prepareTrainingData(ratings, undefined, {
    ...spec,
    split: { ...spec.split, valid: 0 },
    earlyStopping: null,
  })
  const again = await fitModel(
    {
      ...{ data, spec, backend, first },
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

function shortened(spec: Fit['run']['spec']): Fit['run']['spec'] {
  const { ranking } = spec
  const fewer = ranking && {
    ...ranking,
    epochs: Math.ceil(shareOfRankingEpochs * ranking.epochs),
  }
  return 'sweeps' in spec
    ? { ...spec, ranking: fewer, sweeps: Math.ceil(shareOfSweeps * spec.sweeps) }
    : { ...spec, ranking: fewer, earlyStopping: null }
}
