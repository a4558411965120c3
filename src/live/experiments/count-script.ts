import type { Redis } from 'ioredis'
import type { Place } from '../../model/experiments/assignment.ts'
import type { ExperimentKeys } from './experiment-keys.ts'

/** A user was shown a list, or told a rating; times in seconds since 1970. */
export type Occurrence = Place & { readonly at: number } & (
    | { readonly movieIds: readonly string[] }
    | { readonly movieId: string; readonly rating: number; readonly isConversion: boolean }
  )

/** So many movies are remembered of a user: as many as Redis keeps in its compact form. */
const mostShown = 100
const daySeconds = 86_400
/** Counts of an experiment that nobody ended go so long after its last list. */
const keptSeconds = 90 * daySeconds

/**
 * Counts occurrences, all or none. A rating counts once, where the movie was shown within the window
 * before it.
 *
 * KEYS: tally, users, then for each occurrence what its user was shown.
 * ARGV: seconds of the window, how long counts are kept, movies remembered of a user, then for each
 * occurrence arm, user, time, how many movies were shown, and these; or -1, movie, rating, and 1
 * where that is a conversion.
 */
const countScript = `
  local window, kept, most = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
  local sums = {}
  local function add(arm, field, by)
    local name = arm .. ':' .. field
    sums[name] = (sums[name] or 0) + by
  end
  local at = 4
  for i = 3, #KEYS do
    local shown, arm, user, time = KEYS[i], ARGV[at], ARGV[at + 1], ARGV[at + 2]
    local movies = tonumber(ARGV[at + 3])
    at = at + 4
    if movies >= 0 then
      if redis.call('HSETNX', KEYS[2], user, 0) == 1 then add(arm, 'users', 1) end
      add(arm, 'lists', 1)
      if movies > 0 then
        local members = {}
        for movie = at, at + movies - 1 do
          members[#members + 1] = time
          members[#members + 1] = ARGV[movie]
        end
        redis.call('ZADD', shown, 'GT', unpack(members))
        redis.call('ZREMRANGEBYRANK', shown, 0, -(most + 1))
        redis.call('EXPIRE', shown, window)
        at = at + movies
      end
    else
      local movie, rating, isConversion = ARGV[at], ARGV[at + 1], ARGV[at + 2]
      at = at + 3
      local since = redis.call('ZSCORE', shown, movie)
      local age = since and since ~= 'inf' and time - since
      if age and age >= 0 and age <= window then
        redis.call('ZADD', shown, 'XX', '+inf', movie)
        add(arm, 'ratings', 1)
        add(arm, 'ratingSum', tonumber(rating))
        if isConversion == '1' then
          add(arm, 'conversions', 1)
          if redis.call('HINCRBY', KEYS[2], user, 1) == 1 then add(arm, 'converted', 1) end
        end
      end
    end
  end
  for name, sum in pairs(sums) do
    redis.call('HINCRBYFLOAT', KEYS[1], name, string.format('%.17g', sum))
  end
  redis.call('EXPIRE', KEYS[1], kept)
  redis.call('EXPIRE', KEYS[2], kept)`

type Commands = { countExperiment(keys: number, ...values: (string | number)[]): Promise<null> }

/** The script as a command of a connection, which sends its text once. */
export function countOccurrences(redis: Redis) {
  redis.defineCommand('countExperiment', { lua: countScript })
  const commands = redis as unknown as Commands
  return async (
    keys: ExperimentKeys,
    windowDays: number,
    occurrences: readonly Occurrence[],
  ): Promise<void> => {
    const window = Math.ceil(windowDays * daySeconds)
    const names = [keys.tally, keys.users, ...occurrences.map(({ key }) => keys.shown(key))]
    const values = occurrences.flatMap(valuesOf)
    const settings = [window, window + keptSeconds, mostShown]
    await commands.countExperiment(names.length, ...names, ...settings, ...values)
  }
}

function valuesOf(occurrence: Occurrence): (string | number)[] {
  const { arm, key, at } = occurrence
  if ('movieIds' in occurrence)
    return [arm, key, at, occurrence.movieIds.length, ...occurrence.movieIds]
  const { movieId, rating, isConversion } = occurrence
  return [arm, key, at, -1, movieId, rating, isConversion ? 1 : 0]
}
