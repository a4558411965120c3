import { readdirSync, readFileSync } from 'node:fs'

const tasks = '/proc/self/task'

/** The threads of this process by their ids, and the milliseconds that each was on a CPU (Linux). */
export function threadTimes(): Map<string, number> {
  const times = readdirSync(tasks).map((id): [string, number] => {
    const [ns] = readFileSync(`${tasks}/${id}/schedstat`, 'utf8').split(' ')
    return [id, Number(ns) / 1e6]
  })
  return new Map(times)
}

/**
 * Milliseconds that work took which the main thread shared with threads of its own: on the CPU of the
 * main thread and of the longest of the others, which are those that are not in `earlier`. A clock would
 * count the time that other processes have, too.
 */
export function longestPath(
  earlier: ReadonlyMap<string, number>,
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): number {
  const main = `${process.pid}`
  const spent = (id: string) => after.get(id)! - (before.get(id) ?? 0)
  const others = [...after.keys()].filter((id) => !earlier.has(id)).map(spent)
  return spent(main) + Math.max(0, ...others)
}
