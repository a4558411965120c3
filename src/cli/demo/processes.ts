import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { MarqueeError } from '../../errors.ts'

const stopDeadlineMs = 15_000

/** Processes that live no longer than the demo; the last started is stopped first. */
export type Processes = {
  /** Runs a program; `what` names it when it dies too early. */
  start(what: string, command: string, args: string[], env?: Record<string, string>): ChildProcess
  /** Rejects as soon as one of them ends without having been stopped. */
  readonly failure: Promise<never>
  /** Ends all of them, by force after a deadline. */
  stop(): Promise<void>
}

/** An empty set of processes. */
export function createProcesses(): Processes {
  const running: ChildProcess[] = []
  let isStopping = false
  let fail: (error: Error) => void = () => {}
  const failure = new Promise<never>((_, reject) => {
    fail = reject
  })
  // It is raced against each step; between two steps nobody listens.
  failure.catch(() => {})

  return {
    failure,
    start(what, command, args, env = {}) {
      const child = spawn(command, args, {
        // biome-ignore lint/style/noProcessEnv: a child gets what this process has
        env: { ...process.env, ...env },
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      let lastWords = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        lastWords = (lastWords + text).slice(-2_000)
      })
      const died = (how: string) => {
        const words = lastWords.trim()
        if (!isStopping) fail(new MarqueeError('internal', `${what} ${how}.\n${words}`))
      }
      child.once('error', (error) => died(`could not be started: ${error.message}`))
      child.once('exit', (code, signal) => died(`ended with ${signal ?? `exit code ${code}`}`))
      running.push(child)
      return child
    },
    async stop() {
      isStopping = true
      for (const child of running.reverse()) await end(child)
    },
  }
}

/** Loopback ports that nobody listens on just now, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  return servers.map((server) => {
    const address = server.address()
    server.close()
    return typeof address === 'object' && address ? address.port : 0
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs)
  await exited
  clearTimeout(force)
}
