import { type Trial, winnerOf } from '../../model/spec/trial.ts'
import type { TuningSpec } from '../../model/spec/tuning-spec.ts'
import { assertTrained, nameOf, nextTrials, sharesOf } from '../../training/tuning/tune.ts'
import type { PayloadOf } from '../job-request.ts'
import type { Published } from '../job-schema.ts'
import { type Attempt, beginOrRefuse, claimOrRefuse } from './attempt.ts'
import { type JobTask, loadFolded, type PartedJobTools } from './job-tools.ts'
import { publishedOf, publishModel, resumePublication } from './training/run-training-job.ts'

/**
 * Has any workers try settings until the budget is spent; what earlier attempts have tried is not
 * tried again. Then the winner is trained and published, where that was asked for.
 */
export async function runTuningJob(
  { id, payload, signal }: JobTask<PayloadOf<'tune'>>,
  tools: PartedJobTools,
): Promise<Published | null> {
  const { spec: tuning, version } = payload
  const earlier = await resumePublication(version, tools)
  if (earlier) return publishedOf(earlier)
  const attempt = await beginOrRefuse(tools)
  // All trials are of the same data.
  await tools.foldLive?.()
  const winner = winnerOf(tuning, assertTrained(await allTrials(tuning, attempt, tools)))
  if (!tuning.trainWinner || !winner) {
    await claimOrRefuse(attempt)
    return null
  }
  const material = await loadFolded(tools)
  const { promote } = tuning
  const asked = { jobId: id, version, spec: winner, promote, askedBy: payload.askedBy, signal }
  return publishedOf(await publishModel({ ...asked, ...material }, tools, attempt))
}

/**
 * The trials of the whole search. What can be tried at once is: all of a round, or where the time is
 * limited as many as keep the workers busy.
 */
async function allTrials(
  tuning: TuningSpec,
  attempt: Attempt,
  { parts, workers }: PartedJobTools,
): Promise<Trial[]> {
  const isTimed = tuning.minutes !== undefined
  const most = isTimed ? 2 * Math.max(1, await workers()) : Number.POSITIVE_INFINITY
  for (let trials = await attempt.keptTrials(); ; ) {
    const wanted = nextTrials(tuning, trials, most)
    if (wanted.length === 0) return trials
    const ended = await parts.collect(
      wanted.map((trial) => ({ part: nameOf(trial), ...counted(tuning), task: trial })),
    )
    const known = new Map([...(ended as Map<string, Trial>)])
    for (const trial of await attempt.keptTrials()) known.set(nameOf(trial), trial)
    trials = [...known.values()]
  }
}

/** What the progress counts; the winner's training takes about as long as a trial. */
function counted({ trials, minutes, strategy, trainWinner }: TuningSpec) {
  const counts =
    trials === undefined
      ? { unit: 'seconds', total: 60 * minutes! }
      : { unit: 'trials', total: sharesOf(trials, strategy).length }
  const trainings = trials === undefined ? 9 : sharesOf(trials, strategy).reduce((a, b) => a + b, 0)
  return { ...counts, base: trainWinner ? trainings / (trainings + 1) : 1 }
}
