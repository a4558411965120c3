import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { LivePosition } from './live-event.ts'
import type { LiveKeys } from './live-keys.ts'

/**
 * Appends all events or, where another call with its idempotency key was first, none: then it gives
 * what that one has kept. Without events nothing is kept, and no epoch begun. Redis runs it whole, and
 * writes it whole into its append-only file.
 *
 * KEYS: state, events, and the answer's where there is an idempotency key.
 * ARGV: an epoch to begin with, the answer to keep, its seconds, then the events.
 */
const appendScript = `
  if KEYS[3] then
    local kept = redis.call('GET', KEYS[3])
    if kept then return {'', 0, kept, ''} end
    if #ARGV > 3 then redis.call('SET', KEYS[3], ARGV[2], 'EX', ARGV[3]) end
  end
  local state = redis.call('HMGET', KEYS[1], 'epoch', 'seq', 'time')
  local epoch, seq = state[1], tonumber(state[2] or 0)
  if not epoch then
    epoch = ARGV[1]
    local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
    if last then seq = tonumber(string.match(last[1], '%d+')) end
  end
  local clock = redis.call('TIME')
  local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
  local time = string.format('%.0f', math.max(now, tonumber(state[3] or 0)))
  for i = 4, #ARGV do
    seq = seq + 1
    redis.call('XADD', KEYS[2], string.format('%.0f-0', seq), epoch, time .. ' ' .. ARGV[i])
  end
  local last = string.format('%.0f', seq)
  if #ARGV > 3 then redis.call('HSET', KEYS[1], 'epoch', epoch, 'seq', last, 'time', time) end
  return {epoch, last, false, time}`

/** Numbers that a segment has are not given again, though Redis lost them with its last second. */
const raiseScript = `
  local state = redis.call('HMGET', KEYS[1], 'epoch', 'seq')
  if state[1] == ARGV[1] and tonumber(state[2]) < tonumber(ARGV[2]) then
    redis.call('HSET', KEYS[1], 'seq', ARGV[2])
  end`

/** Not of another epoch, whose events have the same numbers. */
const trimScript = `
  if redis.call('HGET', KEYS[1], 'epoch') == ARGV[1] then
    redis.call('XTRIM', KEYS[2], 'MINID', ARGV[2])
  end`

/** What a call with an idempotency key is to leave for those that come after it. */
export type KeptAnswer = { readonly key: string; readonly text: string; readonly seconds: number }

/**
 * Where the last event stands, and when all were told, in milliseconds since 1970; or what an earlier
 * call with the same idempotency key has kept.
 */
export type Appended =
  | { readonly position: LivePosition; readonly time: string }
  | { readonly kept: string }

type Commands = {
  appendLive(
    keys: number,
    ...values: string[]
  ): Promise<[epoch: string, seq: string, kept: string | null, time: string]>
  raiseLive(keys: number, ...values: string[]): Promise<null>
  trimLive(keys: number, ...values: string[]): Promise<null>
}

/** The scripts as commands of a connection, which sends their text once. */
export function liveScripts(redis: Redis, keys: LiveKeys) {
  redis.defineCommand('appendLive', { lua: appendScript })
  redis.defineCommand('raiseLive', { lua: raiseScript })
  redis.defineCommand('trimLive', { lua: trimScript })
  const commands = redis as unknown as Commands
  return {
    async append(texts: readonly string[], answer?: KeptAnswer): Promise<Appended> {
      const names = [keys.state, keys.events, ...(answer ? [answer.key] : [])]
      const kept = [answer?.text ?? '', `${answer?.seconds ?? 0}`]
      // The random end of a UUID, of which Node draws many at once.
      const values = [randomUUID().slice(24), ...kept, ...texts]
      const [epoch, seq, earlier, time] = await commands.appendLive(
        names.length,
        ...names,
        ...values,
      )
      return earlier === null ? { position: { epoch, seq: Number(seq) }, time } : { kept: earlier }
    },
    async raise({ epoch, seq }: LivePosition): Promise<void> {
      await commands.raiseLive(1, keys.state, epoch, `${seq}`)
    },
    /** Removes the events up to a position from the stream. */
    async trim({ epoch, seq }: LivePosition): Promise<void> {
      await commands.trimLive(2, keys.state, keys.events, epoch, `${seq + 1}-0`)
    },
  }
}

/** The newest event's position; null in a database that has had none. */
export async function newestPosition(redis: Redis, keys: LiveKeys): Promise<LivePosition | null> {
  const [epoch, seq] = await redis.hmget(keys.state, 'epoch', 'seq')
  // Of an earlier release an epoch may have had no event yet.
  return epoch == null || Number(seq) === 0 ? null : { epoch, seq: Number(seq) }
}
