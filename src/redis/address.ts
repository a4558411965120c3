import { MarqueeError } from '../errors.ts'

export type RedisNode = { readonly host: string; readonly port: number }

/** Where Redis is and as whom to come, as an address like redis:// says it. */
export type RedisAddress = {
  /** Servers of which any one says where the others are; none where there is a socket. */
  readonly nodes: readonly RedisNode[]
  /** A unix socket. */
  readonly path: string | null
  readonly username: string | null
  readonly password: string | null
  readonly db: number
  readonly isTls: boolean
  /** The nodes are Sentinels, and this is what they call the master. */
  readonly sentinel: {
    readonly master: string
    readonly username: string | null
    readonly password: string | null
  } | null
}

const expected =
  'expected redis://host:6379, rediss:// for TLS, redis+sentinel://host:26379,host:26379/master/0, or unix:///path; user:password@ before the host, a comma between hosts of a cluster, /1 for another database'

const shape =
  /^(redis|rediss|redis\+sentinel|rediss\+sentinel|unix):\/\/(?:([^/?]*)@)?([^/?@]*)(\/[^?]*)?(?:\?(.*))?$/i

/**
 * Reads an address; an `invalid-request` error says what is expected. It never repeats the address,
 * which may have a password.
 */
export function parseRedisAddress(text: string): RedisAddress {
  const [, scheme, login, hosts = '', path = '', query = ''] = shape.exec(text) ?? []
  if (scheme === undefined) throw refuse()
  const isSentinel = /\+sentinel$/i.test(scheme)
  const settings = new URLSearchParams(query)
  const allowed = isSentinel ? ['sentinelUsername', 'sentinelPassword'] : []
  const isUnix = /^unix$/i.test(scheme)
  for (const name of settings.keys())
    if (![...allowed, ...(isUnix ? ['db'] : [])].includes(name))
      throw refuse(`there is no setting ${JSON.stringify(name)}`)
  const common = { ...loginOf(login), isTls: /^rediss/i.test(scheme), sentinel: null }
  if (isUnix) {
    if (hosts !== '' || path === '') throw refuse('a socket has three slashes')
    return { ...common, nodes: [], path: decoded(path), db: dbOf(settings.get('db') ?? '') }
  }
  const nodes = hosts.split(',').map((host) => nodeOf(host, isSentinel ? 26_379 : 6_379))
  const [first = '', second = '', third] = path.slice(1).split('/')
  if (third !== undefined || (!isSentinel && second !== '')) throw refuse()
  if (!isSentinel) return { ...common, nodes, path: null, db: dbOf(first) }
  if (first === '') throw refuse('the name of the master is missing')
  const sentinel = {
    master: decoded(first),
    username: settings.get('sentinelUsername'),
    password: settings.get('sentinelPassword'),
  }
  return { ...common, nodes, path: null, db: dbOf(second), sentinel }
}

function loginOf(login = ''): Pick<RedisAddress, 'username' | 'password'> {
  if (login === '') return { username: null, password: null }
  const colon = login.indexOf(':')
  if (colon < 0) throw refuse('a user has a password, as in user:password@ or :password@')
  const [username, password] = [decoded(login.slice(0, colon)), decoded(login.slice(colon + 1))]
  return { username: username === '' ? null : username, password }
}

function nodeOf(text: string, defaultPort: number): RedisNode {
  const [, host, port] = /^(\[[\da-f:.]+\]|[^:[\]\s]+)(?::(\d{1,5}))?$/i.exec(text) ?? []
  const number = Number(port ?? defaultPort)
  if (host === undefined || number < 1 || number > 65_535) throw refuse()
  return { host: host.replaceAll(/[[\]]/g, ''), port: number }
}

function dbOf(text: string): number {
  if (!/^\d{0,5}$/.test(text)) throw refuse('a database is a number')
  return Number(text)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw refuse('a % in it is written %25')
  }
}

function refuse(wrong = ''): MarqueeError {
  const detail = wrong === '' ? expected : `${wrong}: ${expected}`
  return new MarqueeError('invalid-request', detail)
}
