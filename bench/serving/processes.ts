import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

export type Started = { readonly url: string; readonly pid?: number; stop(): Promise<void> }

/** A free port of loopback. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** A Redis of its own with nothing on disk. */
export async function startRedis(): Promise<Started> {
  const port = await freePort()
  const args = ['--port', `${port}`, '--save', '', '--appendonly', 'no']
  const child = spawn('redis-server', args, { stdio: 'ignore' })
  return { url: `redis://127.0.0.1:${port}`, pid: child.pid!, stop: () => stop(child) }
}

/** A Redis that writes its append-only file every second. */
export async function startDurableRedis(dir: string): Promise<Started> {
  const port = await freePort()
  const files = ['--dir', dir, '--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec']
  const child = spawn('redis-server', ['--port', `${port}`, ...files], { stdio: 'ignore' })
  return { url: `redis://127.0.0.1:${port}`, pid: child.pid!, stop: () => stop(child) }
}

/** `marquee serve` from a build, with its log thrown away but written; ready when it answers. */
export async function startServe(
  cli: string,
  store: string,
  redis: Started,
  { memoryBytes }: { memoryBytes?: number } = {},
): Promise<Started> {
  const port = await freePort()
  const memory = memoryBytes === undefined ? '' : `${memoryBytes}`
  const env = {
    ...{ PORT: `${port}`, HOST: '127.0.0.1', MARQUEE_STORE: store, REDIS_URL: redis.url },
    MARQUEE_RESPONSE_CACHE_BYTES: memory,
    MARQUEE_QUEUE_PREFIX: prefixOf(store),
  }
  const child = spawn(process.execPath, [cli, 'serve'], {
    env: { ...process.env, ...env, MARQUEE_API_KEYS: '', LOG_LEVEL: 'info' },
    stdio: 'ignore',
  })
  const url = `http://127.0.0.1:${port}`
  for (;;) {
    if (child.exitCode !== null) throw new Error(`serve ended with code ${child.exitCode}`)
    const answer = await fetch(`${url}/health/live`).catch(() => null)
    if (answer?.ok) return { url, pid: child.pid!, stop: () => stop(child) }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** `marquee work` from a build; how it is does not matter. */
export function startWork(cli: string, store: string, redis: Started): Pick<Started, 'stop'> {
  const env = {
    ...{ MARQUEE_STORE: store, REDIS_URL: redis.url, LOG_LEVEL: 'error' },
    MARQUEE_QUEUE_PREFIX: prefixOf(store),
  }
  const child = spawn(process.execPath, [cli, 'work'], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
  })
  return { stop: () => stop(child) }
}

/** The bare server with these answers in a file. */
export async function startBare(answers: string): Promise<Started> {
  const script = new URL('bare-server.ts', import.meta.url).pathname
  const child = spawn(process.execPath, ['--import', 'tsx', script, answers], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout!.setEncoding('utf8'), 'data')) as [string]
  return { url: line.trim(), stop: () => stop(child) }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill()
  await ended
}

/** Stores share no prefix: what changes a store is refused where another has it. */
function prefixOf(store: string): string {
  return `bench-${createHash('sha256').update(store).digest('hex').slice(0, 16)}`
}
