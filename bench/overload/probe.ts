import { readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { type Outcome, send } from './open-loop.ts'

/** Asks again and again, `pauseMs` after each answer, until it is told to end. */
export async function probe(
  base: string,
  path: string,
  isOver: () => boolean,
  pauseMs = 50,
): Promise<Outcome[]> {
  const agent = new Agent({ keepAlive: true })
  const outcomes: Outcome[] = []
  while (!isOver()) {
    outcomes.push(await send(base, agent, { method: 'GET', path }))
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  agent.destroy()
  return outcomes
}

export function quantiles(outcomes: readonly { ms: number }[]): string {
  const sorted = outcomes.map(({ ms }) => ms).sort((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor(share * sorted.length)] ?? Number.NaN).toFixed(1)
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, worst ${at(0.999999)} ms`
}

/** What a process has in memory now (`VmRSS`), or had at most (`VmHWM`), in MB. */
export function megabytes(pid: number, of: 'VmRSS' | 'VmHWM' = 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`${of}:\\s+(\\d+)`).exec(status)![1]) / 1_024
}
