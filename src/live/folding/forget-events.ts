import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { LiveKeys } from '../live-keys.ts'

/**
 * Redis keeps the bytes of a trimmed entry for as long as its node has another entry, and writes
 * them into its files: only a stream made anew is without them.
 */
const renewScript = `
  local entries = redis.call('XRANGE', KEYS[1], '-', '+')
  redis.call('DEL', KEYS[1])
  for _, entry in ipairs(entries) do redis.call('XADD', KEYS[1], entry[1], unpack(entry[2])) end`

/** Makes the stream of events anew, so that nothing is left of entries that were trimmed. */
export async function forgetTrimmed(redis: Redis, { events }: LiveKeys): Promise<void> {
  await redis.eval(renewScript, 1, events)
}

/** Empties the log of slow commands, which shows them whole; gives why not where it may not. */
export async function forgetSlowCommands(redis: Redis): Promise<string | null> {
  try {
    await redis.call('SLOWLOG', 'RESET')
    return null
  } catch (error) {
    return `Redis did not empty its slow log: ${error instanceof Error ? error.message : error}`
  }
}

const pollMs = 100

/** Commands that write the files of Redis anew, and where it tells of their outcome. */
const outcomes = {
  BGREWRITEAOF: 'aof_last_bgrewrite_status',
  BGSAVE: 'rdb_last_bgsave_status',
} as const
const busy = ['aof_rewrite_in_progress', 'aof_rewrite_scheduled', 'rdb_bgsave_in_progress']

/**
 * Has Redis write its files anew, without what was removed since; gives why not where it may or
 * can not: then somebody else has to.
 */
export async function rewriteFiles(redis: Redis): Promise<string | null> {
  try {
    const hasAof = (await persistence(redis)).get('aof_enabled') === '1'
    for (const command of hasAof ? (['BGREWRITEAOF', 'BGSAVE'] as const) : (['BGSAVE'] as const)) {
      // One that is under way began before.
      await idle(redis)
      await redis.call(command)
      const state = await idle(redis)
      if (state.get(outcomes[command]) !== 'ok')
        return `Redis could not do ${command}: see its log.`
    }
    return null
  } catch (error) {
    return `Redis did not write its files anew: ${error instanceof Error ? error.message : error}`
  }
}

/** The state of its files once none is being written. */
async function idle(redis: Redis): Promise<Map<string, string>> {
  for (;;) {
    const state = await persistence(redis)
    if (!busy.some((name) => state.get(name) === '1')) return state
    await sleep(pollMs)
  }
}

async function persistence(redis: Redis): Promise<Map<string, string>> {
  const text = await redis.info('persistence')
  return new Map(text.split('\r\n').map((line) => line.split(':') as [string, string]))
}
