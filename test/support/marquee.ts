import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const command = fileURLToPath(new URL('../../bin/marquee', import.meta.url))

/** Starts `bin/marquee …` as users do; what it writes is kept in `output()`. */
export function startMarquee(args: string[], env: Record<string, string> = {}) {
  const child: ChildProcess = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, output }))
  return {
    pid: child.pid ?? 0,
    output: () => output,
    /** Resolves with the exit code or the signal when it and its pipes have ended. */
    ended,
    kill: (signal: NodeJS.Signals = 'SIGTERM') => child.kill(signal),
  }
}

/** The processes that descend from `pid`, itself not among them (Linux). */
export function descendantsOf(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8')
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // It ended while we looked.
    }
  }
  const found: number[] = []
  for (let front = [pid]; front.length > 0; ) {
    front = [...parents].filter(([, parent]) => front.includes(parent)).map(([child]) => child)
    found.push(...front)
  }
  return found
}

/** Whether a process with this id runs. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/**
 * Waits until the condition holds, asking less often the longer it takes; a test's own time limit ends
 * it otherwise.
 */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitMs = 25; !(await condition()); waitMs = Math.min(100, waitMs * 1.1))
    await new Promise((resolve) => setTimeout(resolve, waitMs))
}
