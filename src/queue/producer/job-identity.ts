import { createHash, randomBytes } from 'node:crypto'

/** Hash that jobs share which are the same work over the same imports; members in any order. */
export function identityOf(work: object, dataVersion: string): string {
  const text = JSON.stringify([sorted(work), dataVersion])
  return createHash('sha256').update(text).digest('hex')
}

/** A job id that nobody can guess. */
export function newJobId(): string {
  return `job-${randomBytes(12).toString('hex')}`
}

/** A model version: sorts by time, differs even between two in one millisecond. */
export function newVersion(now = new Date()): string {
  const time = now.toISOString().replaceAll(/[^0-9T]/g, '')
  return `${time.toLowerCase()}-${randomBytes(4).toString('hex')}`
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, member]) => [name, sorted(member)]))
}
