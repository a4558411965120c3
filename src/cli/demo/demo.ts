import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, readConfig, redisOf } from '../../config.ts'
import { forgetQueue } from '../../queue/forget-queue.ts'
import { createApi } from './api.ts'
import { createProcesses, freePorts, type Processes } from './processes.ts'
import { runTour } from './tour.ts'

const sample = new URL('../../../sample/ml-latest-small-2016.zip', import.meta.url)

/**
 * Starts Redis (unless REDIS_URL names one), the API and a worker, imports the sample, trains on it
 * and shows what the API answers; stays up until Ctrl-C, or with --once ends with all it started.
 */
export async function demo({ once }: { readonly once: boolean }): Promise<void> {
  const config = readConfig()
  const folder = await mkdtemp(join(tmpdir(), 'marquee-demo-'))
  const prefix = `marquee-demo-${process.pid}`
  const processes = createProcesses()
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve())
  })

  try {
    const [redisPort = 0, freePort = 0] = await freePorts(2)
    // A test run beside a demo that stays up must not meet it; a user expects port 3000.
    const port = once && !isSet('PORT') ? freePort : config.PORT
    const redisUrl = isSet('REDIS_URL')
      ? config.REDIS_URL
      : startRedis(processes, redisPort, folder)
    const environment = {
      ...unset(config),
      HOST: '127.0.0.1',
      PORT: String(port),
      REDIS_URL: redisUrl,
      MARQUEE_STORE: join(folder, 'store'),
      MARQUEE_QUEUE_PREFIX: prefix,
      MARQUEE_DRAIN_MS: '0',
      LOG_LEVEL: 'warn',
    }
    for (const command of ['serve', 'work'])
      processes.start(
        `marquee ${command}`,
        process.execPath,
        [...process.execArgv, process.argv[1] ?? '', command],
        environment,
      )

    const base = `http://127.0.0.1:${port}`
    const tour = async () => {
      const zip = await readFile(sample)
      await runTour(createApi(base), zip, (line) => process.stdout.write(`${line}\n`))
      if (once) return
      process.stdout.write(
        `\nMarquee stays up: look at it at ${base}/console (the API: ${base}/docs); Ctrl-C ends it.\n`,
      )
      await new Promise(() => {})
    }
    await Promise.race([tour(), processes.failure, interrupted])
  } finally {
    await processes.stop()
    await rm(folder, { recursive: true, force: true })
    // With that Redis away there is an error already, which says more than a second one.
    if (isSet('REDIS_URL')) await forgetQueue({ ...redisOf(config), prefix }).catch(() => {})
  }
}

/** An own Redis, kept as it should be, so that the console has nothing to warn of. */
function startRedis(processes: Processes, port: number, folder: string): string {
  const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'yes', dir: folder }
  processes.start(
    'redis-server',
    'redis-server',
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
  )
  return `redis://127.0.0.1:${port}`
}

/** Settings that are for the user's own servers: the demo has no keys and no limits but the defaults. */
function unset(config: Config): Record<string, string> {
  const names = Object.keys(config).filter((name) => /^MARQUEE_(?!REDIS_)/.test(name))
  return Object.fromEntries(names.map((name) => [name, '']))
}

function isSet(name: string): boolean {
  // biome-ignore lint/style/noProcessEnv: whether it was given at all is no setting
  return (process.env[name] ?? '') !== ''
}
