import { tensorsOf } from '../../model/file/model-file.ts'
import { describeTensors } from '../../model/file/safetensors.ts'
import type { ModelReport } from '../../model/report.ts'
import { createSchedule, sampleSchedule } from '../learning-rate/schedule.ts'
import type { Training } from '../train.ts'
import { hexBins } from './hex-bins.ts'

/** The report of a training; without a measurement, its pictures of errors are empty. */
export function reportOf({
  fit,
  measurement,
  model,
}: Pick<Training, 'fit' | 'measurement' | 'model'>): ModelReport {
  const { run, stepsPerEpoch } = fit
  const { spec, epochs } = run
  const schedule = 'schedule' in spec && createSchedule(spec)
  return {
    algorithm: spec.algorithm,
    losses: epochs.map(({ epoch, trainMse, validMse }) => ({ epoch, trainMse, validMse })),
    rates: schedule
      ? sampleSchedule((step) => schedule(step, stepsPerEpoch), epochs.length * stepsPerEpoch)
      : [],
    ...(measurement?.pictures ?? {
      predictedVsActual: hexBins([], [], model.ratingScale),
      ...{ errorByUserRatings: [], errorByMovieRatings: [] },
    }),
    tensors: describeTensors(tensorsOf(model)),
  }
}
