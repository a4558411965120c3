import { loadTrainingMaterial } from '../../storage/training-material.ts'
import { searchRate } from '../../training/learning-rate/search-learning-rate.ts'
import { trainModel } from '../../training/train.ts'
import { createProcessor } from './create-processor.ts'

/** What the forked child of a worker runs: the only file of this room that reaches the engines. */
export default createProcessor({
  loadMaterial: loadTrainingMaterial,
  findRate: (backend, { ratings }, spec, hooks) => searchRate({ ratings, spec, backend, hooks }),
  train: (backend, input, spec, hooks) => trainModel({ ...input, spec, backend, hooks }),
})
