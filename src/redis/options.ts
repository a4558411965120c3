import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { type ConnectionOptions, checkServerIdentity } from 'node:tls'
import type { RedisOptions } from 'ioredis'
import { MarqueeError } from '../errors.ts'
import { parseRedisAddress, type RedisAddress } from './address.ts'

/** How to come to a Redis, and under which keys. */
export type RedisSettings = {
  readonly redisUrl: string
  /**
   * First part of every key. In braces it is what a cluster places keys by, so that all of them are
   * on one node: see `findRedis`.
   */
  readonly prefix: string
  readonly redisTls?: RedisTls
}

/** Files in PEM: an authority of one's own, and what this client shows of itself. */
export type RedisTls = {
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

/** What ioredis is given; the shape of its answers stays what it is by default. */
export type ConnectOptions = Omit<RedisOptions, 'replyMapping'>

/** Whether the prefix is in braces. */
export function isBraced(prefix: string): boolean {
  return prefix.startsWith('{')
}

/** An address and what ioredis needs to come to any of its nodes, of which the first is set. */
export function connectionOptions(settings: RedisSettings): {
  readonly address: RedisAddress
  readonly options: ConnectOptions
} {
  const address = parseRedisAddress(settings.redisUrl)
  const { nodes, path, username, password, db, isTls } = address
  const tls = isTls ? tlsOptions(settings.redisTls ?? {}, address) : null
  const options: ConnectOptions = {
    ...(path === null ? nodes[0] : { path }),
    ...(username !== null && { username }),
    ...(password !== null && { password }),
    ...(tls && { tls }),
    db,
  }
  return { address, options }
}

/**
 * A certificate is good for the address of a node or for one of those in REDIS_URL: clusters and
 * Sentinels may know their nodes by numbers alone.
 */
function tlsOptions({ ca, cert, key }: RedisTls, { nodes }: RedisAddress): ConnectionOptions {
  const names = nodes.map(({ host }) => host)
  const servername = names.find((name) => isIP(name) === 0)
  return {
    ...(ca !== undefined && { ca: fileOf('MARQUEE_REDIS_CA', ca) }),
    ...(cert !== undefined && { cert: fileOf('MARQUEE_REDIS_CERT', cert) }),
    ...(key !== undefined && { key: fileOf('MARQUEE_REDIS_KEY', key) }),
    ...(servername !== undefined && { servername }),
    checkServerIdentity: (host, certificate) => {
      const errors = [host, ...names].map((name) => checkServerIdentity(name, certificate))
      return errors.includes(undefined) ? undefined : errors[0]
    },
  }
}

function fileOf(variable: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new MarqueeError('invalid-request', `${variable} cannot be read: ${String(error)}.`)
  }
}
