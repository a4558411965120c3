import { pino } from 'pino'
import { MarqueeError } from '../../errors.ts'
import { firstAnswer, openProducerConnection } from '../../redis/connections.ts'
import { faultOf } from '../../redis/faults.ts'
import { findRedis } from '../../redis/find-redis.ts'
import type { RedisSettings } from '../../redis/options.ts'
import { type RedisState, stateOf } from '../../redis/state.ts'

/** How the Redis of a configuration is, and the first part of the keys there. */
export type RedisReport = RedisState & { readonly prefix: string }

/** Asks the Redis of the configuration; that it is not there is an answer, too. */
export async function probeRedis(settings: RedisSettings): Promise<RedisReport> {
  try {
    const found = await findRedis(settings)
    const redis = openProducerConnection(found, pino({ level: 'silent' }))
    await firstAnswer(redis)
    const state = await stateOf(redis, found.prefix)
    redis.disconnect()
    return { ...state, prefix: found.prefix }
  } catch (error) {
    if (error instanceof MarqueeError) throw error
    const reasons = [faultOf(error).sentence]
    return { isUsable: false, reasons, advice: [], server: null, prefix: settings.prefix }
  }
}

/** The report as lines for people. */
export function describeRedis({ isUsable, reasons, advice, server, prefix }: RedisReport): string {
  const head = isUsable ? `ready: ${server ?? 'Redis'}, keys begin with ${prefix}:` : 'not usable'
  return ['Redis:', ...[head, ...reasons, ...advice].map((line) => `  ${line}`)].join('\n')
}
