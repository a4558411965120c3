import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * The mark that this process puts into the names of its temporary files, `<machine>-<pid>-<start>`: a
 * later process sees by it that none is alive any more that could finish them.
 */
export const owner = `${machine()}-${process.pid}-${startOf(process.pid)}`

const ownerPattern = /^([0-9a-f]{8})-(\d+)-(\d+)$/

/** Whether the process of a mark is known to have ended; null where it is of another machine. */
export function hasEnded(mark: string): boolean | null {
  const [, where, pid, start] = ownerPattern.exec(mark) ?? []
  if (where !== machine()) return null
  if (!isAlive(Number(pid))) return true
  return startOf(Number(pid)) !== start
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Tells apart hosts, their starts and, within one, what numbers processes on its own (containers). */
function machine(): string {
  const space = attempt(() => readlinkSync('/proc/self/ns/pid'))
  const boot = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))
  return createHash('sha256').update(`${hostname()}\n${space}\n${boot}`).digest('hex').slice(0, 8)
}

/** When a process began, in ticks since the machine did; 0 where that is not to be known. */
function startOf(pid: number): string {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  // The name, in parentheses, may have spaces; what follows it has none.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0'
}

function attempt(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}
