import { randomBytes } from 'node:crypto'
import { MarqueeError } from '../../../errors.ts'
import type { ExperimentCounts } from '../../../live/experiments/experiment-counts.ts'
import type {
  Arm,
  EndedExperiment,
  Experiment,
  Tally,
} from '../../../model/experiments/experiment.ts'
import type { Arms } from '../../../serving/experiment/experiment-arms.ts'
import {
  endExperiment,
  endedExperiment,
  endedExperiments,
  removeExperiment,
  runningExperiment,
  startExperiment,
} from '../../../storage/experiments/experiments.ts'
import type { ModelRegistry } from '../../../storage/model-registry.ts'
import type { ObjectStore } from '../../../storage/object-store.ts'

/** An experiment, running or ended, and what was counted; null where Redis does not tell. */
export type Counted = {
  readonly experiment: Experiment | EndedExperiment
  readonly tally: Tally | null
}

/** What an admin says of an experiment to come. */
export type Wish = Pick<Experiment, 'name' | 'treatment' | 'share' | 'windowDays' | 'counts'>

/** The life of experiments: at most one runs. */
export type Experiments = {
  /** Starts one, or gives that which runs where it is the same; `experiment-running` else. */
  start(wish: Wish): Promise<Counted>
  /** The experiment, or an `unknown-experiment` error. */
  find(name: string): Promise<Counted>
  /** All, newest first. */
  list(): Promise<Counted[]>
  /** Makes an arm's model serve everybody, or changes nothing, and ends the experiment. */
  end(name: string, promote: Arm | null, by: string | null): Promise<Counted>
  /** Stops the experiment, if it runs, and forgets all about it. */
  remove(name: string): Promise<void>
  /** Ends the experiment that runs when something else than its control was made to serve. */
  servingMoved(): Promise<void>
}

/** Who starts one waits at most so long for it to answer from both models here. */
const armedMs = 3_000

/** Experiments over the store, the serving of this process, and the counts in Redis. */
export function createExperiments(deps: {
  store: ObjectStore
  registry: ModelRegistry
  serving: Arms
  counts: ExperimentCounts
}): Experiments {
  const { store, registry, serving, counts } = deps
  const counted = async (experiment: Experiment): Promise<Counted> => {
    return { experiment, tally: await counts.tally(experiment).catch(() => null) }
  }
  const over = async (experiment: Experiment, promoted: Arm | null, reason: string | null) => {
    const { tally } = await counted(experiment)
    const ended = { ...experiment, endedAt: new Date().toISOString(), promoted, reason, tally }
    if (!(await endExperiment(store, ended))) throw hasEnded(experiment.name)
    await counts.forget(experiment).catch(() => {})
    await serving.refresh()
    return { experiment: ended, tally }
  }
  const find = async (name: string): Promise<Counted> => {
    const running = await runningExperiment(store)
    if (running?.name === name) return counted(running)
    const ended = await endedExperiment(store, name)
    if (ended) return { experiment: ended, tally: ended.tally }
    throw new MarqueeError('unknown-experiment', `There is no experiment ${JSON.stringify(name)}.`)
  }
  return {
    find,
    async start(wish) {
      const experiment = await experimentOf(wish, serving, registry)
      const other = await startExperiment(store, experiment)
      if (other) {
        if ('endedAt' in other) throw hasEnded(other.name)
        if (!isSame(other, experiment)) throw isRunning(other)
      }
      await serving.refresh()
      await serving.armed(armedMs)
      return counted(other ?? experiment)
    },
    async list() {
      const running = await runningExperiment(store)
      const ended = await endedExperiments(store)
      return [
        ...(running ? [await counted(running)] : []),
        ...ended.map((experiment) => ({ experiment, tally: experiment.tally })),
      ]
    },
    async end(name, promote, by) {
      const { experiment } = await find(name)
      if ('endedAt' in experiment) throw hasEnded(name)
      if (promote) await serving.promote(experiment[promote], by)
      return over(experiment, promote, null)
    },
    async remove(name) {
      const { experiment } = await find(name)
      // First: without Redis nothing is removed, and an erasure still finds what users were shown.
      await counts.forget(experiment)
      await removeExperiment(store, experiment)
      await serving.refresh()
    },
    async servingMoved() {
      const running = await runningExperiment(store)
      const version = await registry.current()
      if (!running || version === running.control) return
      const promoted = version === running.treatment ? 'treatment' : null
      await over(running, promoted, `Model ${version} was made to serve.`).catch((error) => {
        // Somebody else has ended it meanwhile: that is as well.
        if (!(error instanceof MarqueeError) || error.code !== 'experiment-ended') throw error
      })
    },
  }
}

async function experimentOf(
  wish: Wish,
  serving: Arms,
  registry: ModelRegistry,
): Promise<Experiment> {
  const { card, model } = serving.snapshot()
  const { version: treatment } = await registry.card(wish.treatment)
  if (treatment === card.version)
    throw new MarqueeError('invalid-request', `Model ${treatment} serves already; name another.`, {
      problems: [
        { pointer: '/body/treatment', detail: 'expected another model than the one that serves' },
      ],
    })
  return {
    ...wish,
    id: randomBytes(8).toString('hex'),
    control: card.version,
    likedFrom: model.likedFrom,
    startedAt: new Date().toISOString(),
  }
}

/** Whether asking for one means the other. */
function isSame(a: Experiment, b: Experiment): boolean {
  const fields = ['name', 'control', 'treatment', 'share', 'windowDays', 'counts'] as const
  return fields.every((field) => a[field] === b[field])
}

function isRunning({ name, startedAt }: Experiment): MarqueeError {
  return new MarqueeError(
    'experiment-running',
    `Experiment ${JSON.stringify(name)} runs since ${startedAt}: end it first.`,
    { extra: { experiment: name } },
  )
}

function hasEnded(name: string): MarqueeError {
  return new MarqueeError(
    'experiment-ended',
    `Experiment ${JSON.stringify(name)} has ended; take another name, or delete it.`,
    { extra: { experiment: name } },
  )
}
