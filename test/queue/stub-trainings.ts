import type { Ratings } from '../../src/model/data/ratings.ts'
import { Vocabulary } from '../../src/model/data/vocabulary.ts'
import type { EpochReport } from '../../src/model/epoch-report.ts'
import type { LearningRateSearch } from '../../src/model/spec/learning-rate-search.ts'
import { type SteppedSpec, steppedSpecSchema } from '../../src/model/spec/training-spec.ts'
import type { TrainingMaterial } from '../../src/storage/training-material.ts'
import type { FitRun } from '../../src/training/fit-task.ts'
import type { Training } from '../../src/training/train.ts'
import { dotBiasModel } from '../support/models.ts'
import { ratedSpec } from '../training/planted-ratings.ts'

/** How a stub training goes; the spec's seed carries it to the stub processor. */
export const manners = {
  ...{ steady: 0, faultsOnce: 1, hasNoRatings: 2, blocks: 3, alwaysFaults: 4 },
  /** Steady, with a checkpoint after each epoch. */
  checkpoints: 5,
}

/** A spec whose stub training goes in the given manner; an epoch takes 20 ms. */
export function stubSpec(
  manner: keyof typeof manners,
  { epochs = 3, factors = 5 } = {},
): SteppedSpec {
  const seed = manners[manner]
  return steppedSpecSchema.parse({ algorithm: 'dot-bias', seed, epochs, factors })
}

export function stubReport(epoch: number, epochs = 9): EpochReport {
  const numbers = { trainMse: 1, validMse: null, learningRate: 0.1, ratingsPerSecond: 1 }
  return { epoch, epochs, seconds: 0.02, ...numbers }
}

/** The weight decay that a stub training goes best with; its error is the distance from it. */
export const plantedDecay = 0.3

export const stubSearch: LearningRateSearch = {
  suggestion: 0.02,
  points: [{ learningRate: 0.02, loss: 1.5 }],
}

/** Work that none of these tests asks for. */
export async function noBatch(): Promise<never> {
  throw new Error('Nobody asked for a batch here.')
}

/** A training that gave a tiny model; nothing was held out. */
export function stubTraining(
  epochs: EpochReport[] = [],
  { setbacks }: Pick<FitRun, 'setbacks'> = {},
): Training {
  const model = dotBiasModel()
  return {
    fit: {
      ...{ model, start: model, matched: null },
      run: {
        spec: ratedSpec({ algorithm: 'dot-bias' }),
        ...{ engine: 'stub', backend: 'wasm', device: 'none', setbacks },
        ...{ trainSeconds: 0, rankingSeconds: null, epochs, compression: null, sampling: null },
        learntShare: null,
      },
      ...{ baseline: model.baseline, baselineSeconds: 0, trainRows: 0, stepsPerEpoch: 1 },
      keptEpochs: 1,
      counts: { userRatings: new Uint32Array(), movieRatings: new Uint32Array() },
    },
    measurement: null,
    compared: null,
    ...{ refit: null, model },
  }
}

/** What a store holds before the first import, under a version that is not "empty". */
export function noMaterial(): TrainingMaterial {
  const attributes = { users: new Map(), movies: new Map() }
  return { ratings: noRatings(), attributes, dataVersion: 'v', live: [] }
}

function noRatings(): Ratings {
  return {
    users: new Vocabulary([]),
    movies: new Vocabulary([]),
    userIndex: new Uint32Array(),
    movieIndex: new Uint32Array(),
    rating: new Float32Array(),
    timestamp: new Uint32Array(),
  }
}
