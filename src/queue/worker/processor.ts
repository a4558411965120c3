import { loadTrainingMaterial } from '../../storage/training-material.ts'
import { searchLearningRate } from '../../training/learning-rate/search-learning-rate.ts'
import { trainModel } from '../../training/train.ts'
import { createProcessor } from './create-processor.ts'

/** What the forked child of a worker runs: the only file of this room that reaches the engines. */
export default createProcessor({
  loadMaterial: loadTrainingMaterial,
  findLearningRate: (backend, { ratings }, spec, hooks) =>
    searchLearningRate({ ratings, spec, backend, hooks }),
  train: (backend, input, spec, hooks) => trainModel({ ...input, spec, backend, hooks }),
})
