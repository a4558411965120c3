import type { TrainingSpec } from '../../model/training-spec.ts'
import type { Evaluation } from '../../training/evaluate.ts'
import { type Figures, meanFigures } from '../../training/figures.ts'

type Measured = Figures & {
  /** The held-out MSE after each epoch; only of trainings. */
  readonly epochMse?: readonly (number | null)[]
  readonly trainSeconds: number
}

/** One entry of `--json`: a predictor, its figures and, under --folds, each fold's. */
export type Result = Measured & {
  readonly algorithm: string
  readonly engine?: string
  readonly backend?: string
  readonly seed: number
  readonly folds?: readonly Measured[]
}

/**
 * One result for each predictor. `splits[s][p]` is predictor p on split s, the predictors in one order;
 * with `isFolded`, every figure is the mean over the splits, the seconds too.
 */
export function resultsOf(
  splits: readonly (readonly Evaluation[])[],
  { seed }: Pick<TrainingSpec, 'seed'>,
  isFolded: boolean,
): Result[] {
  return splits[0]!.map((first, predictor) => {
    const { algorithm, trained } = first
    const runs = splits.map((evaluations) => evaluations[predictor]!)
    const seconds = runs.reduce((sum, run) => sum + run.trainSeconds, 0) / runs.length
    return {
      algorithm,
      ...(trained ? { engine: trained.engine, backend: trained.backend } : {}),
      ...(isFolded
        ? { ...meanFigures(runs.map(({ figures }) => figures)), trainSeconds: seconds }
        : measuredOf(first)),
      seed,
      ...(isFolded ? { folds: runs.map(measuredOf) } : {}),
    }
  })
}

function measuredOf({ figures, trained, trainSeconds }: Evaluation): Measured {
  const epochMse = trained && { epochMse: trained.epochs.map(({ validMse }) => validMse) }
  return { ...figures, ...epochMse, trainSeconds }
}
