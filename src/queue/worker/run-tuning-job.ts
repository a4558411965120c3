import type { SteppedSpec } from '../../model/spec/training-spec.ts'
import { type Trial, winnerOf } from '../../model/spec/trial.ts'
import { sizesOf } from '../../training/progress/work.ts'
import { planTrials } from '../../training/tuning/plan-trials.ts'
import { innerTraining, tuningRatings } from '../../training/tuning/run-trial.ts'
import { tune } from '../../training/tuning/tune.ts'
import type { PayloadOf } from '../job-request.ts'
import type { Published } from '../job-schema.ts'
import { beginOrRefuse, claimOrRefuse, refusal } from './attempt.ts'
import { type JobTask, type JobTools, loadFolded } from './job-tools.ts'
import { publishedOf, publishModel, resumePublication } from './training/run-training-job.ts'

/**
 * Tries settings until the budget is spent; what earlier attempts have tried is not tried again.
 * Then the winner is trained and published, where that was asked for. An attempt that does not
 * count any more stops after the trial that it is at.
 */
export async function runTuningJob(
  { id, payload, signal }: JobTask<PayloadOf<'tune'>>,
  tools: JobTools,
): Promise<Published | null> {
  const { spec: tuning, version } = payload
  const { work, backend, meter, onEngine } = tools
  const earlier = await resumePublication(version, tools)
  if (earlier) return publishedOf(earlier)
  const attempt = await beginOrRefuse(tools)
  const material = await loadFolded(tools)
  const ratings = tuningRatings(material.ratings, tuning)
  const hooks = {
    signal,
    onSetback: (reason: string) => tools.onSetback?.(reason),
    ...(onEngine && { onEngine }),
  }

  const run = (spec: SteppedSpec) =>
    work.runTrial({ ratings, spec: innerTraining(spec, tuning), backend, hooks })
  const onTrial = async (trial: Trial) => {
    const state = await attempt.keepTrial(trial)
    if (state !== 'newest') throw refusal(state)
    trials.push(trial)
    meter?.advance(plan.shareOf(trials))
  }
  const finished = await attempt.keptTrials()
  const plan = planTrials(sizesOf(material.ratings), tuning, backend, finished)
  const trials = [...finished]
  meter?.plan(plan.parts)
  meter?.begin('trials', plan.count ? { count: plan.count } : {})
  const search = { tuning, ratings: ratings.rating.length, finished, run, onTrial }
  const winner = winnerOf(tuning, await tune(search))
  if (!tuning.trainWinner || !winner) {
    await claimOrRefuse(attempt)
    return null
  }
  const { promote } = tuning
  const asked = { jobId: id, version, spec: winner, promote, askedBy: payload.askedBy, signal }
  return publishedOf(await publishModel({ ...asked, ...material }, tools, attempt))
}
