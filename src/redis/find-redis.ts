import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { askNode } from './ask-node.ts'
import { type ConnectOptions, connectionOptions, isBraced, type RedisSettings } from './options.ts'
import { isNoCluster } from './slot-connector.ts'

const pauseMs = 500

/**
 * The settings as this Redis wants them: with the prefix in braces where it is a cluster. Fails where
 * none of its servers answers.
 */
export async function findRedis<Settings extends RedisSettings>(
  settings: Settings,
): Promise<Settings> {
  const { address, options } = connectionOptions(settings)
  if (isBraced(settings.prefix) || address.sentinel) return settings
  const servers = address.path === null ? address.nodes : [{}]
  let reason: unknown
  for (const server of servers)
    try {
      return (await isCluster({ ...options, ...server })) ? braced(settings) : settings
    } catch (error) {
      reason = error
    }
  throw reason
}

/** As `findRedis`, as soon as a server answers; null once nobody waits for it any more. */
export async function awaitRedis<Settings extends RedisSettings>(
  settings: Settings,
  signal: AbortSignal,
): Promise<Settings | null> {
  while (!signal.aborted) {
    const found = await findRedis(settings).catch(() => null)
    if (found) return found
    await sleep(pauseMs, undefined, { signal }).catch(() => {})
  }
  return null
}

/** What is taken for true of a Redis that cannot be asked: several hosts are those of a cluster. */
export function presumeRedis<Settings extends RedisSettings>(settings: Settings): Settings {
  const { address } = connectionOptions(settings)
  const isMany = address.nodes.length > 1 && !address.sentinel
  return isMany && !isBraced(settings.prefix) ? braced(settings) : settings
}

function braced<Settings extends RedisSettings>(settings: Settings): Settings {
  return { ...settings, prefix: `{${settings.prefix}}` }
}

function isCluster({ db: _, ...options }: ConnectOptions): Promise<boolean> {
  return askNode(options, async (redis) => {
    const told = await orNone(redis.info('cluster'))
    const state = /^cluster_enabled:(\d)/m.exec(told)?.[1]
    return state === undefined ? /^cluster_state:/m.test(await clusterInfo(redis)) : state === '1'
  })
}

/** A user that may not ask gets nothing. */
async function orNone(answer: Promise<string>): Promise<string> {
  return answer.catch((error: Error) => {
    if (/NOPERM/.test(error.message)) return ''
    throw error
  })
}

function clusterInfo(redis: Redis): Promise<string> {
  const answer = redis.cluster('INFO') as Promise<string>
  return orNone(
    answer.catch((error: unknown) => {
      if (isNoCluster(error)) return ''
      throw error
    }),
  )
}
