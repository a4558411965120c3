import { loadRatings } from '../storage/ratings/load-ratings.ts'
import { trainModel } from '../training/train.ts'
import { createProcessor } from './create-processor.ts'

/** What the forked child of a worker runs: the only file of this room that reaches the training. */
export default createProcessor({
  loadRatings,
  train: (backend, ratings, spec, hooks) => trainModel({ ratings, spec, backend, hooks }),
})
