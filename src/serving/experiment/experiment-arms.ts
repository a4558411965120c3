import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { LiveListener, LivePosition } from '../../live/live-event.ts'
import { placeOf } from '../../model/experiments/assignment.ts'
import type { Arm, Experiment } from '../../model/experiments/experiment.ts'
import { runningExperiment } from '../../storage/experiments/experiments.ts'
import type { ModelRegistry } from '../../storage/model-registry.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { openServing, type Serving, type Snapshots } from '../serving.ts'
import type { Snapshot } from '../snapshot.ts'
import { commonPositions } from './common-positions.ts'

/** An experiment as this process has it. */
export type RunningExperiment = {
  readonly experiment: Experiment
  /** Why all users get what serves; null while each gets their arm. */
  readonly refusal: string | null
}

/** Serving with a second model beside the first while an experiment runs. */
export type Arms = Serving & {
  /** The experiment that runs, or null. */
  experiment(): RunningExperiment | null
  /** Resolves once the second model has what was told, or after so long. */
  armed(mostMs: number): Promise<void>
  /** Takes the live events for both models. */
  readonly listener: LiveListener
  /** Up to where the data of both models go. */
  lacking(): LivePosition[]
  /**
   * Called when the live events must be told again, from the first that a model lacks. Unless it is
   * set there are none.
   */
  onMissing: () => Promise<void>
}

/** The second model of an experiment. */
type Second = {
  readonly experiment: Experiment
  /** Null while it is being opened. */
  treatment: Serving | null
  /** Whether it takes the live events, and has caught up with them. */
  isTold: boolean
  isCaughtUp: boolean
  /** Ends the waiting of those that wait for that. */
  readonly caughtUp: AbortController
}

/**
 * Serves what is stored and follows the experiment in the store, as it does the pointer. Of a user
 * the snapshot is that of their arm, once this process has both models; until then, where one of
 * them cannot be loaded, and when another than the control was made to serve, all get what serves.
 */
export async function openArms(options: {
  store: ObjectStore
  registry: ModelRegistry
  pollMs: number
  logger: Logger
}): Promise<Arms> {
  const { store, registry, pollMs, logger } = options
  const control = await openServing(options)
  let second: Second | null = null
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  let looking: Promise<void> = Promise.resolve()

  const swap = async (experiment: Experiment | null) => {
    const before = second
    second = experiment && {
      experiment,
      treatment: null,
      isTold: false,
      isCaughtUp: false,
      caughtUp: new AbortController(),
    }
    await before?.treatment?.close()
    if (!second) return
    const { treatment } = second.experiment
    const treatmentRegistry = { ...registry, ...following(registry, treatment) }
    const opened = await openServing({ ...options, registry: treatmentRegistry })
    opened.live.onMissing = () => arms.onMissing()
    second.treatment = opened
    await Promise.race([arms.onMissing(), sleep(pollMs, undefined, { ref: false })])
  }
  const look = async () => {
    try {
      const experiment = await runningExperiment(store)
      if (isClosed || experiment?.id === second?.experiment.id) return
      await swap(experiment).catch((error: unknown) => {
        second = null
        throw error
      })
      logger.info({ experiment: experiment?.name ?? null }, 'Another experiment runs, or none.')
    } catch (err) {
      logger.error({ err }, 'The experiment that runs cannot be read; what was known goes on.')
    }
  }
  const lookNow = () => {
    looking = looking.then(look)
    return looking
  }
  const poll = () => {
    timer = setTimeout(() => void lookNow().then(() => isClosed || poll()), pollMs).unref()
  }
  const overlays = () => [control.live, ...(second?.isTold ? [second.treatment!.live] : [])]
  const listener: LiveListener = {
    restart() {
      if (second?.treatment) second.isTold = true
      for (const overlay of overlays()) overlay.restart()
    },
    async stored() {
      await Promise.all(overlays().map((overlay) => overlay.stored()))
    },
    take(events) {
      for (const overlay of overlays()) overlay.take(events)
    },
    caughtUp() {
      for (const overlay of overlays()) overlay.caughtUp()
      if (!second?.isTold) return
      second.isCaughtUp = true
      second.caughtUp.abort()
    },
  }
  const labels = { control: createLabel('control'), treatment: createLabel('treatment') }
  const snapshots = (): Snapshots => {
    if (!second || refusalOf(second, control) !== null) return control.snapshots()
    const { experiment, treatment } = second
    const now = { control: control.snapshot(), treatment: treatment!.snapshot() }
    return (userId) => {
      if (userId === undefined) return now.control
      const { arm } = placeOf(experiment, userId)
      return labels[arm](now[arm], experiment)
    }
  }
  const arms: Arms = {
    ...control,
    snapshot: (userId) => snapshots()(userId),
    snapshots,
    experiment: () =>
      second && { experiment: second.experiment, refusal: refusalOf(second, control) },
    listener,
    lacking: () =>
      commonPositions(
        [control, second?.treatment]
          .map((serving) => serving?.findSnapshot())
          .flatMap((snapshot) => (snapshot ? [snapshot.card.data.live ?? []] : [])),
      ),
    async onMissing() {
      listener.restart()
      await listener.stored()
      listener.caughtUp()
    },
    async armed(mostMs) {
      const options = { signal: second?.caughtUp.signal, ref: false }
      if (second?.treatment && !second.isCaughtUp)
        await sleep(mostMs, undefined, options).catch(() => {})
    },
    async refresh() {
      await control.refresh()
      await lookNow()
      await second?.treatment?.refresh()
    },
    async refreshRatings() {
      await Promise.all([control.refreshRatings(), second?.treatment?.refreshRatings()])
    },
    async close() {
      isClosed = true
      clearTimeout(timer)
      await looking
      await Promise.all([control.close(), second?.treatment?.close()])
    },
  }
  control.live.onMissing = () => arms.onMissing()
  await lookNow()
  poll()
  return arms
}

/** What is to serve is this version, loaded anew when models were rewritten. */
function following(
  registry: ModelRegistry,
  version: string,
): Pick<ModelRegistry, 'wanted' | 'list'> {
  return {
    wanted: async () => (await registry.wanted())?.replace(/^[^.]+/, version) ?? null,
    list: async () => [],
  }
}

function refusalOf({ experiment, treatment, isCaughtUp }: Second, control: Serving): string | null {
  const { model } = control.status()
  if (model !== experiment.control)
    return `Model ${model} serves, and not the control ${experiment.control}.`
  const status = treatment?.status()
  if (status?.model !== experiment.treatment)
    return status?.refusal?.reason ?? `Model ${experiment.treatment} is being loaded.`
  return isCaughtUp ? null : 'What was told while the service ran is being read; that needs Redis.'
}

/** Gives a snapshot with the arm that it is of; the same for the same. */
function createLabel(arm: Arm): (of: Snapshot, experiment: Experiment) => Snapshot {
  let made: { of: Snapshot; name: string; snapshot: Snapshot } | null = null
  return (of, { name }) => {
    if (made?.of !== of || made.name !== name)
      made = { of, name, snapshot: { ...of, experiment: { name, arm } } }
    return made.snapshot
  }
}
