import { execFile } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type EngineReport, engineReportSchema } from '../../model/engine-report.ts'

const command = fileURLToPath(new URL(`../../cli${extname(import.meta.url)}`, import.meta.url))
const timeLimitMs = 90_000
const keptMs = 600_000

/**
 * What `marquee doctor` says of this machine, asked in a process of its own, so that this one loads
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
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...process.execArgv, command, 'doctor', '--json'],
    { timeout: timeLimitMs },
  )
  return engineReportSchema.parse(JSON.parse(stdout))
}
