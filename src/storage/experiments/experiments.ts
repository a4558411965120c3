import {
  type EndedExperiment,
  type Experiment,
  endedExperimentSchema,
  experimentName,
  experimentSchema,
} from '../../model/experiments/experiment.ts'
import type { ObjectStore } from '../object-store.ts'

/**
 * Experiments:
 *
 *   experiments/running.json        the one that runs, created only where there is none
 *   experiments/ended/<name>.json   what became of one; with it the experiment is over, also where a
 *                                   crash left it in running.json
 */
const runningKey = 'experiments/running.json'
const endedFolder = 'experiments/ended/'
const endedKey = (name: string) => `${endedFolder}${name}.json`

/** The experiment that runs, or null; one that cannot be read is none. */
export async function runningExperiment(store: ObjectStore): Promise<Experiment | null> {
  const found = await stored(store)
  return found && !(await isOver(store, found)) ? found : null
}

/** Starts an experiment unless one runs, or one of its name has ended: then that one. */
export async function startExperiment(
  store: ObjectStore,
  experiment: Experiment,
): Promise<Experiment | EndedExperiment | null> {
  const ended = await endedExperiment(store, experiment.name)
  if (ended) return ended
  const before = await stored(store)
  // One that cannot be read runs nowhere, and is in nobody's way.
  const isInTheWay = before ? await isOver(store, before) : (await store.stat(runningKey)) !== null
  if (isInTheWay && (await stored(store))?.id === before?.id) await store.remove(runningKey)
  const json = [Buffer.from(JSON.stringify(experimentSchema.parse(experiment)))]
  return (await store.putIfAbsent(runningKey, json)) ? null : stored(store)
}

/** Ends the experiment that runs; false when it had ended. */
export async function endExperiment(store: ObjectStore, ended: EndedExperiment): Promise<boolean> {
  const json = [Buffer.from(JSON.stringify(endedExperimentSchema.parse(ended)))]
  const isFirst = await store.putIfAbsent(endedKey(ended.name), json)
  if (isFirst) await store.remove(runningKey)
  return isFirst
}

/** What became of the experiment of this name, or null. */
export async function endedExperiment(
  store: ObjectStore,
  name: string,
): Promise<EndedExperiment | null> {
  if (!experimentName.safeParse(name).success) return null
  const bytes = await store.get(endedKey(name))
  return (bytes && endedExperimentSchema.safeParse(parsed(bytes)).data) ?? null
}

/** Those that have ended, newest first. */
export async function endedExperiments(store: ObjectStore): Promise<EndedExperiment[]> {
  const keys = (await store.list(endedFolder)).filter((key) => key.endsWith('.json'))
  const names = keys.map((key) => key.slice(endedFolder.length, -'.json'.length))
  const found = await Promise.all(names.map((name) => endedExperiment(store, name)))
  return found.filter((one) => one !== null).sort((a, b) => (a.endedAt < b.endedAt ? 1 : -1))
}

/** Forgets an experiment, running or not, and what became of it. */
export async function removeExperiment(
  store: ObjectStore,
  { name, id }: Experiment,
): Promise<void> {
  if ((await stored(store))?.id === id) await store.remove(runningKey)
  await store.remove(endedKey(name))
}

async function stored(store: ObjectStore): Promise<Experiment | null> {
  const bytes = await store.get(runningKey)
  return (bytes && experimentSchema.safeParse(parsed(bytes)).data) ?? null
}

async function isOver(store: ObjectStore, { name, id }: Experiment): Promise<boolean> {
  return (await endedExperiment(store, name))?.id === id
}

/** Undefined where it is no JSON. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
}
