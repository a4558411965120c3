import type { Redis } from 'ioredis'
import type { Trial } from '../../../model/spec/trial.ts'
import { expirySeconds, type JobKeys } from '../../job-keys.ts'

/** A trial that was done twice is kept once, as it was first. */
const keepScript = `
  if redis.call('EXISTS', KEYS[3]) == 1 then return end
  for _, text in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
    local kept = cjson.decode(text)
    if kept.trial == tonumber(ARGV[2]) and kept.round == tonumber(ARGV[3]) then return end
  end
  redis.call('XADD', KEYS[1], '*', 'type', 'trial', 'data', ARGV[1])
  redis.call('RPUSH', KEYS[2], ARGV[1])
  redis.call('EXPIRE', KEYS[2], ARGV[4])`

/** Keeps a trial with its job and appends it to the events, unless the job was cancelled. */
export async function keepTrial(
  redis: Redis,
  { events, trials, cancelled }: JobKeys,
  trial: Trial,
): Promise<void> {
  const values = [JSON.stringify(trial), trial.trial, trial.round, expirySeconds]
  await redis.eval(keepScript, 3, events, trials, cancelled, ...values)
}
