import type { Ratings } from '../../../model/data/ratings.ts'
import type { SteppedSpec } from '../../../model/spec/training-spec.ts'
import { type Trial, trialSchema } from '../../../model/spec/trial.ts'
import type { LiveMark } from '../../../storage/segments/live-marks.ts'
import { innerTraining, tuningRatings } from '../../../training/tuning/run-trial.ts'
import { doTrial } from '../../../training/tuning/tune.ts'
import { jobKeys } from '../../job-keys.ts'
import type { PartPayload } from '../../job-part.ts'
import type { PayloadOf } from '../../job-request.ts'
import { keepTrial } from './keep-trial.ts'
import type { PartTools } from './part-tools.ts'

const wantedSchema = trialSchema.pick({ trial: true, round: true, share: true })

/** What this process has loaded: trials of one tuning come one after the other. */
let loaded: { readonly of: string; readonly ratings: Ratings } | null = null

/** Does one trial of a tuning on the data that its job has fixed, and tells it. */
export async function runTrialPart(
  { of, task, unit }: PartPayload,
  { spec: tuning }: PayloadOf<'tune'>,
  { redis, prefix, store, work, backend, signal, tell }: PartTools,
): Promise<Trial> {
  const keys = jobKeys(prefix, of)
  if (loaded?.of !== of) {
    const upTo = JSON.parse((await redis.get(keys.live)) ?? 'null') as LiveMark[] | null
    const { ratings } = await work.loadMaterial(store, upTo ?? undefined)
    loaded = { of, ratings: tuningRatings(ratings, tuning) }
  }
  const { ratings } = loaded
  const begun = performance.now()
  const on: { engine: string | null; device: string | null } = { engine: null, device: null }
  const tellDone = (share: number) => {
    const seconds = (performance.now() - begun) / 1_000
    tell({ phase: 'tuning', done: unit === 'seconds' ? seconds : share, ...on })
  }
  const hooks = {
    signal,
    onEngine(engine: { name: string; device: string }) {
      on.engine = engine.name
      on.device = engine.device
      tellDone(0)
    },
    onEpoch: ({ epoch, epochs }: { epoch: number; epochs: number }) => tellDone(epoch / epochs),
  }
  const run = (spec: SteppedSpec) =>
    work.runTrial({ ratings, spec: innerTraining(spec, tuning), backend, hooks })
  const search = { tuning, ratings: ratings.rating.length, run }
  const trial = await doTrial(search, wantedSchema.parse(task))
  tellDone(1)
  await keepTrial(redis, keys, trial)
  return trial
}
