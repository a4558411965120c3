import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import { MarqueeError } from '../../errors.ts'
import type { Caller } from './caller.ts'
import { createRequestCounts, type SharedCounts } from './request-counts.ts'

/**
 * Requests a minute, of each key by its role and of each user, unless a line of the keys file says
 * otherwise; 0 for any number.
 */
export type LimitSettings = Readonly<Record<Caller['role'], number>> & {
  /** Wrong keys that an address may send. */
  readonly wrongKeys: number
  /** By which all processes count together. */
  readonly shared?: SharedCounts | undefined
}

export const noLimits: LimitSettings = {
  ...{ public: 0, read: 0, write: 0, admin: 0, user: 0 },
  wrongKeys: 0,
}

export type Limits = {
  /** Counts a request that is let in; a `too-many-requests` error where it is one too many. */
  admit(request: FastifyRequest, reply: FastifyReply, caller: Caller): MarqueeError | null
  /** Counts a wrong key; a `too-many-wrong-keys` error where it is one too many of its address. */
  refuse(request: FastifyRequest, reply: FastifyReply): MarqueeError | null
  close(): void
}

const toldEveryMs = 60_000

/**
 * Limits of what keys ask and of how many wrong ones an address may try. A good key is always let in:
 * behind a proxy all have one address, and nobody may lock the others out. Of a guess that was right
 * its sender so learns also beyond the limit: what guards against that is how long keys are.
 */
export function createLimits(settings: LimitSettings, logger: Logger): Limits {
  const { wrongKeys, shared } = settings
  const requests = createRequestCounts(shared)
  const wrong = createRequestCounts()
  const tell = tellRarely(logger)

  const hold = (request: FastifyRequest, reply: FastifyReply, ms: number) => {
    limited.add(request)
    void reply.header('retry-after', Math.ceil(ms / 1_000))
  }
  const slowed = (request: FastifyRequest, reply: FastifyReply, ms: number) => {
    const address = networkOf(request.ip)
    tell(address, { address }, 'An address sends more wrong keys than it may.')
    const detail = `From this address came more than ${wrongKeys} wrong keys in a minute.`
    hold(request, reply, ms)
    return new MarqueeError('too-many-wrong-keys', detail)
  }
  return {
    admit(request, reply, caller) {
      const { name: by, role, user } = caller
      const limit = caller.limit ?? settings[role]
      // Unlike any name of a key.
      const name = user === undefined ? by : `user:${user}`
      const wait = limit === 0 ? 0 : requests.take(name, limit)
      if (wait === 0) return null
      const who = user === undefined ? 'key' : 'user'
      tell(name, { by, user, limit }, `A ${who} sends more than it may.`)
      const detail = `This ${who} may send ${limit} requests a minute.`
      hold(request, reply, wait)
      return new MarqueeError('too-many-requests', detail)
    },
    refuse(request, reply) {
      const wait = wrongKeys === 0 ? 0 : wrong.take(networkOf(request.ip), wrongKeys)
      return wait === 0 ? null : slowed(request, reply, wait)
    },
    close: () => requests.close(),
  }
}

const limited = new WeakSet<FastifyRequest>()

/** Whether a request was one too many: the log tells once a minute that there are such. */
export function wasLimited(request: FastifyRequest): boolean {
  return limited.has(request)
}

/** The address; of IPv6 the first half, which is all of one network. */
function networkOf(ip: string): string {
  if (!ip.includes(':') || ip.includes('.')) return ip
  const [head = ''] = ip.split('::')
  return [...head.split(':'), '0', '0', '0'].slice(0, 4).join(':')
}

/** A line each of thousands of refusals would be more to do still: one a minute for each name. */
function tellRarely(logger: Logger) {
  const told = new LRUCache<string, true>({ max: 1_000, ttl: toldEveryMs })
  return (name: string, fields: object, sentence: string) => {
    if (told.has(name)) return
    told.set(name, true)
    logger.warn(fields, sentence)
  }
}
