import type { RatingScale } from '../../model/data/rating-scale.ts'
import type { EpochReport } from '../../model/epoch-report.ts'
import type { TrainingSpec } from '../../model/spec/training-spec.ts'
import { type AlsoRow, meanRows } from '../../training/evaluation/also/also-measure.ts'
import type { AlsoName } from '../../training/evaluation/also/also-measures.ts'
import type { Evaluation } from '../../training/evaluation/evaluate.ts'
import { type Figures, meanFigures } from '../../training/evaluation/figures.ts'

type Measured = Figures & {
  /** The held-out MSE after each epoch; only of trainings. */
  readonly epochMse?: readonly (number | null)[]
  /** The epochs as they are printed; only of trainings. */
  readonly epochs?: readonly EpochReport[]
  /** The scale of the training ratings, and from which on a movie is liked; only of trainings. */
  readonly ratingScale?: RatingScale
  readonly likedFrom?: number
  /**
   * The RMSE of the saved vectors less that of the average that they approximate; only of `bayes`.
   */
  readonly compressionLoss?: number
  /** By name, the tables of what was asked for with `--also`; only of trainings. */
  readonly also?: Readonly<Record<string, readonly FlatRow[]>>
  readonly trainSeconds: number
}

/** A line of a table: what it is of, and its figures. */
type FlatRow = { readonly of: string; readonly [figure: string]: string | number | null }

/** One entry of `--json`: a predictor, its figures and, under --folds, each fold's. */
export type Result = Measured & {
  readonly algorithm: string
  readonly engine?: string
  readonly backend?: string
  readonly seed: number
  readonly folds?: readonly Measured[]
}

/**
 * One result for each predictor. `splits[s][p]` is predictor p on split s, the predictors in one
 * order; with `isFolded`, every figure is the mean over the splits, the seconds too.
 */
export function resultsOf(
  splits: readonly (readonly Evaluation[])[],
  { seed }: Pick<TrainingSpec, 'seed'>,
  isFolded: boolean,
): Result[] {
  return splits[0]!.map((first, predictor) => {
    const { algorithm, trained } = first
    const run = trained?.fit.run
    const folds = splits.map((evaluations) => evaluations[predictor]!)
    const seconds = folds.reduce((sum, fold) => sum + fold.trainSeconds, 0) / folds.length
    const losses = folds.flatMap((fold) => lossOf(fold) ?? [])
    const loss = losses.reduce((sum, one) => sum + one, 0) / losses.length
    return {
      algorithm,
      ...(run ? { engine: run.engine, backend: run.backend } : {}),
      ...(isFolded
        ? {
            ...meanFigures(folds.map(({ figures }) => figures)),
            ...(losses.length > 0 && { compressionLoss: loss }),
            ...alsoOf(folds),
            trainSeconds: seconds,
          }
        : measuredOf(first)),
      seed,
      ...(isFolded ? { folds: folds.map(measuredOf) } : {}),
    }
  })
}

function measuredOf(evaluation: Evaluation): Measured {
  const { figures, trained, trainSeconds } = evaluation
  const ofTraining = trained && {
    epochMse: trained.fit.run.epochs.map(({ validMse }) => validMse),
    epochs: trained.fit.run.epochs,
    ratingScale: trained.fit.model.ratingScale,
    likedFrom: trained.fit.model.likedFrom,
  }
  const loss = lossOf(evaluation)
  return {
    ...figures,
    ...ofTraining,
    ...(loss !== null && { compressionLoss: loss }),
    ...alsoOf([evaluation]),
    trainSeconds,
  }
}

/** What else was measured, as means over the folds; nothing where nothing was. */
function alsoOf(folds: readonly Evaluation[]): Pick<Measured, 'also'> {
  const names = Object.keys(folds[0]!.also ?? {}) as AlsoName[]
  const tables = names.map((name) => [
    name,
    meanRows(folds.map(({ also }) => also?.[name] ?? [])).map(flat),
  ])
  return names.length === 0 ? {} : { also: Object.fromEntries(tables) }
}

function flat({ of, figures }: AlsoRow): FlatRow {
  return { of, ...figures }
}

function lossOf({ trained }: Evaluation): number | null {
  const compression = trained?.fit.run.compression
  return compression ? compression.savedRmse - compression.averagedRmse : null
}
