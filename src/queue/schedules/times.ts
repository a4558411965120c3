import { getNextMillis, type RepeatOptions } from 'bullmq'
import type { Times } from './schedule.ts'

/** The least and the most seconds between two ticks that may be asked for. */
export const leastIntervalSeconds = 60
export const mostIntervalSeconds = 366 * 24 * 3_600

/**
 * What is wrong with a cron expression, in words; null where it is one of five fields, or of six with
 * the seconds first, and its ticks are a minute apart at least.
 */
export function cronProblem(cron: string): string | null {
  const fields = cron.trim().split(/\s+/)
  if (fields.length !== 5 && fields.length !== 6)
    return `expected 5 fields (minute, hour, day of month, month, day of week), or 6 with the second first; there are ${cron.trim() === '' ? 0 : fields.length}`
  // It stands for "at random", drawn anew at each tick.
  if (fields.some((field) => /(^|,)h/i.test(field))) return 'expected no H'
  let tick = Date.now()
  try {
    const ticks = Array.from({ length: 3 }, () => {
      tick = nextTick(cron, 'UTC', tick)
      return tick
    })
    // Two of three are of one minute where there are several in any.
    const isDense = ticks.some((time, i) => i > 0 && time - ticks[i - 1]! < 60_000)
    return isDense ? 'expected one second alone: ticks are a minute apart at least' : null
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return `expected a cron expression: ${reason}`
  }
}

/** Whether it is a name of the IANA's database, as in "Europe/Berlin". */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return !/^[+-]/.test(name)
  } catch {
    return false
  }
}

/** The first tick after a time, both in milliseconds; throws where the expression is none. */
export function nextTick(cron: string, timeZone: string, after: number): number {
  const next = getNextMillis(after, { pattern: cron, tz: timeZone })
  if (next === undefined) throw new Error('no day ever fits')
  return next
}

/** The times as BullMQ wants them; an interval begins now, and its first tick is at its end. */
export function repeatOf(times: Times): RepeatOptions {
  if ('cron' in times) return { pattern: times.cron, tz: times.timeZone }
  const every = times.intervalSeconds * 1_000
  return { every, startDate: Date.now() + every }
}
