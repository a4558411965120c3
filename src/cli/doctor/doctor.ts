import { MarqueeError } from '../../errors.ts'
import type { BackendName, EngineReport, EngineState } from '../../model/engine-report.ts'
import type { RedisSettings } from '../../redis/options.ts'
import type { StoreSettings } from '../../storage/open-store.ts'
import type { BackendPreference } from '../../training/engines/engine.ts'
import { probeEngines } from './probe-engines.ts'
import { describeRedis, probeRedis } from './probe-redis.ts'
import { describeStore, probeStoreOf } from './probe-store.ts'

type DoctorOptions = { readonly json?: boolean; readonly require?: BackendName }

/**
 * Prints what this machine can train on and how its Redis and its store are; a `no-engine` error when what is
 * required is missing.
 */
export async function doctor(
  { json = false, require }: DoctorOptions,
  preference: BackendPreference,
  redisSettings: RedisSettings,
  storeSettings: StoreSettings,
): Promise<void> {
  endWithParent()
  const [report, redis, store] = await Promise.all([
    probeEngines(preference),
    probeRedis(redisSettings),
    probeStoreOf(storeSettings),
  ])
  const whole = { ...report, redis, store }
  const text = json
    ? JSON.stringify(whole, null, 2)
    : [describe(report), describeRedis(redis), describeStore(store)].join('\n')
  process.stdout.write(`${text}\n`)
  if (
    require !== undefined &&
    !report.engines.some((state) => state.backend === require && state.isAvailable)
  )
    throw new MarqueeError('no-engine', `The backend "${require}" is required and not there.`)
}

/** A server or worker that asks, and is killed, leaves no doctor behind. */
function endWithParent(): void {
  process.on('disconnect', () => process.exit(1))
  process.channel?.unref()
}

/** The report as lines for people. */
export function describe({ host, engines, auto }: EngineReport): string {
  const lines = engines.map((state) => `  ${nameOf(state).padEnd(22)}${availabilityOf(state)}`)
  const taken = auto.map(
    ({ algorithm, engine, backend }) => `  ${algorithm.padEnd(22)}${nameOf({ engine, backend })}`,
  )
  return `Engines on ${host}:\n${lines.join('\n')}\n\n"auto" takes:\n${taken.join('\n')}\n`
}

function availabilityOf({ isAvailable, isSoftware, device, reason }: EngineState): string {
  if (!isAvailable) return `missing: ${reason}`
  return isSoftware ? `software, "auto" never takes it: ${device}` : `ready: ${device}`
}

function nameOf({ engine, backend }: { engine: string; backend: string }): string {
  return engine === 'tensorflow' ? `${engine} on ${backend}` : engine
}
