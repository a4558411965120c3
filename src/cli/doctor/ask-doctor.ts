import { fork } from 'node:child_process'
import { extname } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type EngineReport, engineReportSchema } from '../../model/engine-report.ts'

const command = fileURLToPath(new URL(`../../cli${extname(import.meta.url)}`, import.meta.url))
const timeLimitMs = 90_000
const keptMs = 600_000

/**
 * A source of the report of `marquee doctor`, made in a process of its own, so that this one loads
 * no engine. An answer is kept for ten minutes, and callers at one time share one process.
 */
export function createDoctor(): () => Promise<EngineReport> {
  let report: Promise<EngineReport> | null = null
  let askedAt = 0
  return () => {
    if (report && performance.now() - askedAt < keptMs) return report
    askedAt = performance.now()
    report = askDoctor()
    report.catch(() => {
      report = null
    })
    return report
  }
}

async function askDoctor(): Promise<EngineReport> {
  const child = fork(command, ['doctor', '--json'], {
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
    timeout: timeLimitMs,
  })
  return engineReportSchema.parse(JSON.parse(await text(child.stdout!)))
}
