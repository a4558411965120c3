import { MarqueeError } from '../../errors.ts'
import type { SteppedSpec } from '../../model/spec/training-spec.ts'
import { type Trial, winnerOf } from '../../model/spec/trial.ts'
import { innerTraining, tuningRatings } from '../../training/tuning/inner-training.ts'
import { tune } from '../../training/tuning/tune.ts'
import type { PayloadOf } from '../payload.ts'
import { beginOrRefuse, claimOrRefuse, refusal } from './attempt.ts'
import type { JobTask, JobTools } from './job-tools.ts'
import { isPublished, trainAndPublish } from './publish-training.ts'

/**
 * Tries settings until the budget is spent; what earlier attempts have tried is not tried again. Then
 * the winner is trained and published, where that was asked for. An attempt that does not count any
 * more stops after the trial that it is at.
 */
export async function runTuningJob(
  { id, payload, signal }: JobTask<PayloadOf<'tune'>>,
  tools: JobTools,
): Promise<void> {
  const { spec: tuning, version } = payload
  if (await isPublished(version, tools)) return
  const attempt = await beginOrRefuse(tools)
  const material = await tools.loadMaterial()
  const input = { ...material, ratings: tuningRatings(material.ratings, tuning) }

  const run = async (spec: SteppedSpec) => {
    const { metrics, epochs } = await tools.train(input, innerTraining(spec, tuning), {
      signal,
      onSetback: (reason) => tools.onSetback?.(reason),
    })
    if (!metrics)
      throw new MarqueeError('no-ratings', 'There are too few ratings to compare settings on.')
    return { validMse: metrics.mse, epochs: epochs.length }
  }
  const onTrial = async (trial: Trial) => {
    const state = await attempt.keepTrial(trial)
    if (state !== 'newest') throw refusal(state)
  }
  const finished = await attempt.keptTrials()
  const winner = winnerOf(tuning, await tune({ tuning, finished, run, onTrial }))
  if (!tuning.trainWinner || !winner) return claimOrRefuse(attempt)
  await trainAndPublish({ jobId: id, version, spec: winner, signal, ...material }, tools, attempt)
}
