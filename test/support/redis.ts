import { spawn } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'

/** A Redis of the test's own; it keeps its data over a restart and dies with the test process. */
export type TestRedis = {
  readonly url: string
  readonly port: number
  /** Sends a signal (SIGKILL unless told); resolves when it has taken effect. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Ends it if it runs and starts it again with the same data and port. */
  restart(): Promise<void>
  /** Ends it for good and removes its folder. */
  stop(): Promise<void>
}

/** A Redis for the tests of a file, which ends after them, and a connection to it. */
export async function redisOfFile(): Promise<{ server: TestRedis; redis: Redis }> {
  const server = await startRedis()
  const redis = new Redis(server.url)
  after(async () => {
    redis.disconnect()
    await server.stop()
  })
  return { server, redis }
}

/**
 * The shell starts a redis-server for each line that it reads and says its process id. When its
 * input ends, be it by stop() or because the test process died, it removes all that it made.
 */
const keeper = `
  folder=$1; shift; redis=
  while read -r line; do
    redis-server "$@" >>"$folder/log" 2>&1 & redis=$!; echo $redis
  done
  [ -n "$redis" ] && kill -9 $redis 2>/dev/null; wait; rm -rf "$folder"`

/**
 * Starts a redis-server on a free loopback port, with further settings, or as a program of its own
 * where these begin with a file; resolves when it answers.
 */
export async function startRedis(further: readonly string[] = []): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'marquee-redis-'))
  const port = await freePort()
  const settings = ['--bind', '127.0.0.1', '--port', `${port}`, '--dir', folder]
  if (further[0]?.startsWith('--') !== false)
    settings.push(
      ...['--save', '', '--appendonly', 'yes', '--appendfsync', 'no'],
      ...['--maxmemory-policy', 'noeviction', ...further],
    )
  else settings.splice(0, settings.length, further[0], ...settings, ...further.slice(1))
  const shell = spawn('sh', ['-c', keeper, 'keeper', folder, ...settings], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => shell.once('exit', () => resolve()))
  const pids = createInterface(shell.stdout)[Symbol.asyncIterator]()
  const pipes = [shell.stdin as Socket, shell.stdout as Socket]
  shell.unref()

  let pid = 0
  const start = async () => {
    for (const pipe of pipes) pipe.ref()
    shell.stdin.write('start\n')
    pid = Number((await pids.next()).value)
    // A test that forgets stop() still ends, and Redis with it.
    for (const pipe of pipes) pipe.unref()
    await until(() => answers(port), `redis-server answers on port ${port}`)
  }
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    process.kill(pid, signal)
    if (signal === 'SIGSTOP') await until(async () => !(await answers(port)), 'Redis is frozen')
    else if (signal === 'SIGCONT') await until(() => answers(port), 'Redis answers')
    else await until(async () => !(await accepts(port)), 'Redis is gone')
  }
  await start()
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    kill,
    async restart() {
      if (await accepts(port)) await kill()
      await start()
    },
    async stop() {
      shell.ref()
      shell.stdin.end()
      await ended
    },
  }
}

/** A port of loopback that nobody listens on just now; Redis Cluster takes the one 10,000 above. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await anyFreePort()
    if (port + 10_000 < 65_536) return port
  }
}

async function anyFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}

/** Something answers PING with PONG on the port within a quarter of a second. */
function answers(port: number): Promise<boolean> {
  return probe(port, 'PING\r\n', (reply) => reply.startsWith('+PONG'))
}

function accepts(port: number): Promise<boolean> {
  return probe(port, null, () => true)
}

function probe(port: number, send: string | null, isRight: (reply: string) => boolean) {
  return new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const settle = (result: boolean) => {
      socket.destroy()
      resolve(result)
    }
    socket.setTimeout(250, () => settle(false))
    socket.on('error', () => settle(false))
    socket.on('connect', () => (send === null ? settle(true) : socket.write(send)))
    socket.on('data', (reply) => settle(isRight(reply.toString())))
    socket.on('close', () => resolve(false))
  })
}

async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + 240_000
  while (performance.now() < end) {
    if (await isSo()) return
    await sleep(25)
  }
  throw new Error(`waited in vain until ${what}`)
}
