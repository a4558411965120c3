import { tensorsOf } from '../../model/file/model-file.ts'
import { describeTensors } from '../../model/file/safetensors.ts'
import type { ModelReport } from '../../model/report.ts'
import type { Measurement } from '../evaluation/measure-model.ts'
import type { Fit } from '../fit/fit-model.ts'
import { createSchedule, sampleSchedule } from '../learning-rate/schedule.ts'
import { hexBins } from './hex-bins.ts'

/** The report of a training; without a measurement, its pictures of errors are empty. */
export function reportOf(
  { model, run: { spec, epochs }, stepsPerEpoch }: Fit,
  measurement: Pick<Measurement, 'pictures'> | null,
): ModelReport {
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
