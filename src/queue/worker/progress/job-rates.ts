import { hostname } from 'node:os'
import type { Redis } from 'ioredis'
import type { Rates } from '../../../training/progress/rates.ts'

const expirySeconds = 90 * 24 * 3_600
/** What a job measured weighs as much as all those before it. */
const keeping = 0.5

/** The rates that jobs on this machine have measured, in Redis. */
export type JobRates = {
  load(): Promise<Rates>
  keep(measured: Rates): Promise<void>
}

/** Rates of a machine, by default this one. */
export function jobRates(redis: Redis, prefix: string, host = hostname()): JobRates {
  const key = `${prefix}:rates:${host}`
  const load = async () => {
    const kept = Object.entries(await redis.hgetall(key))
    return Object.fromEntries(
      kept.map(([kind, rate]) => [kind, Number(rate)] as const).filter(([, rate]) => rate > 0),
    )
  }
  return {
    load,
    async keep(measured) {
      const before = await load()
      const rates = Object.entries(measured).map(([kind, rate]) => {
        const old = before[kind] ?? rate
        return [kind, String(keeping * old + (1 - keeping) * rate)] as const
      })
      if (rates.length === 0) return
      await redis.multi().hset(key, Object.fromEntries(rates)).expire(key, expirySeconds).exec()
    },
  }
}
