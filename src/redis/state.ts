import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { faultOf } from './faults.ts'

/** How a Redis is, for who looks after it. */
export type RedisState = {
  /** It takes what Marquee writes. */
  readonly isUsable: boolean
  /** Why not, or what loses data there. */
  readonly reasons: readonly string[]
  /** What would be better set otherwise. */
  readonly advice: readonly string[]
  /** Its name and version; null where it does not tell. */
  readonly server: string | null
}

/**
 * Writes nothing, and fails like what writes: with two keys, in a script, with a command that memory
 * is needed for.
 */
const trial = `
  redis.call('SETRANGE', KEYS[1], 0, '')
  return redis.call('EXISTS', KEYS[2])`

/** Fails like what writes, and writes nothing. */
export async function tryToWrite(redis: Redis, prefix: string): Promise<void> {
  const keys = [`${prefix}:trial:1`, `${prefix}:trial:2`]
  await redis.eval(trial, keys.length, ...keys)
}

/** Asks a Redis how it is. */
export async function stateOf(redis: Redis, prefix: string): Promise<RedisState> {
  try {
    const [, facts] = await Promise.all([
      tryToWrite(redis, prefix),
      factsOf(redis).catch(() => null),
    ])
    const advice = facts ? adviceOf(facts) : [untold]
    return { isUsable: true, reasons: facts ? dangersOf(facts) : [], advice, server: nameOf(facts) }
  } catch (error) {
    return { isUsable: false, reasons: [faultOf(error).sentence], advice: [], server: null }
  }
}

type Facts = ReadonlyMap<string, string>

/** What it tells of itself; `save` is not there where CONFIG is forbidden, as with managed ones. */
async function factsOf(redis: Redis): Promise<Facts> {
  const [server, memory, persistence, save] = await Promise.all([
    redis.info('server'),
    redis.info('memory'),
    redis.info('persistence'),
    redis.config('GET', 'save').catch(() => null) as Promise<string[] | null>,
  ])
  const lines = `${server}\n${memory}\n${persistence}`.split(/\r?\n/)
  const facts = new Map(lines.map((line) => line.split(':') as [string, string]))
  if (save?.length === 2) facts.set('save', save[1]!)
  return facts
}

function dangersOf(facts: Facts): string[] {
  const policy = facts.get('maxmemory_policy') ?? 'noeviction'
  const dangers: string[] = []
  if (policy !== 'noeviction')
    dangers.push(
      `Redis may throw ratings and jobs away when memory is short (${policy}): set maxmemory-policy noeviction.`,
    )
  if (facts.get('aof_enabled') === '0' && facts.get('save') === '')
    dangers.push('Redis writes nothing to disk and loses all when it ends: set appendonly yes.')
  return dangers
}

const untold =
  'Redis does not tell its settings: it should have appendonly yes and maxmemory-policy noeviction.'

function adviceOf(facts: Facts): string[] {
  if (facts.get('aof_enabled') !== '0' || facts.get('save') === '') return []
  return [
    'Redis keeps snapshots alone and loses what came after the last one when it ends: set appendonly yes.',
  ]
}

function nameOf(facts: Facts | null): string | null {
  const valkey = facts?.get('valkey_version')
  const redis = facts?.get('redis_version')
  return valkey !== undefined ? `Valkey ${valkey}` : redis !== undefined ? `Redis ${redis}` : null
}

/** Logs what could lose data there, when a connection is ready for the first time. */
export function warnOfDangers(redis: Redis, prefix: string, logger: Logger): void {
  const warn = async () => {
    const { isUsable, reasons, advice } = await stateOf(redis, prefix)
    // What fails is logged by the connection.
    if (!isUsable) return
    for (const reason of [...reasons, ...advice]) logger.warn({ reason }, 'Redis may lose data.')
  }
  redis.once('ready', () => void warn())
}
