import type { Redis } from 'ioredis'
import type { Ratings } from '../../../model/data/ratings.ts'
import type { SteppedSpec } from '../../../model/spec/training-spec.ts'
import { type Trial, trialSchema } from '../../../model/spec/trial.ts'
import type { LiveMark } from '../../../storage/segments/live-marks.ts'
import { innerTraining, tuningRatings } from '../../../training/tuning/run-trial.ts'
import { doTrial } from '../../../training/tuning/tune.ts'
import { expirySeconds, type JobKeys, jobKeys } from '../../job-keys.ts'
import type { PartPayload } from '../../job-part.ts'
import type { PayloadOf } from '../../job-request.ts'
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

/** A trial that was done twice is kept once, as it was first. */
const keepScript = `
  if redis.call('EXISTS', KEYS[3]) == 1 then return end
  for _, text in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
    local kept = cjson.decode(text)
    if kept.trial == tonumber(ARGV[2]) and kept.round == tonumber(ARGV[3]) then return end
  end
  redis.call('XADD', KEYS[1], '*', 'type', 'trial', 'data', ARGV[1])
  redis.call('RPUSH', KEYS[2], ARGV[1])
  redis.call('EXPIRE', KEYS[2], ARGV[4])`

/** Keeps a trial with its job and appends it to the events, unless the job was cancelled. */
async function keepTrial(
  redis: Redis,
  { events, trials, cancelled }: JobKeys,
  trial: Trial,
): Promise<void> {
  const values = [JSON.stringify(trial), trial.trial, trial.round, expirySeconds]
  await redis.eval(keepScript, 3, events, trials, cancelled, ...values)
}
