import { availableParallelism } from 'node:os'

let sharers = 1

/** Says that so many processes like this one share the cores. */
export function shareCores(processes: number): void {
  sharers = processes
}

/** How many threads a long computation of this process has: its share of the cores, one at least. */
export function ownThreads(): number {
  return Math.max(1, Math.floor(availableParallelism() / sharers))
}
