import { readConfig, storeOf } from '../../config.ts'
import { openBatch } from '../../serving/batch/open-batch.ts'
import { loadTrainingMaterial } from '../../storage/training-material.ts'
import { searchLearningRate } from '../../training/learning-rate/search-learning-rate.ts'
import { trainModel } from '../../training/train.ts'
import { runTrial } from '../../training/tuning/run-trial.ts'
import { createProcessor } from './create-processor.ts'

/** The program of a worker's forked child: the only file of this room that reaches the engines. */
export default createProcessor({
  loadMaterial: loadTrainingMaterial,
  trainModel,
  runTrial,
  searchLearningRate,
  openBatch: (registry, batch) => openBatch(storeOf(readConfig()), registry, batch),
})
