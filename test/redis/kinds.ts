import { execFile } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import type { RedisTls } from '../../src/redis/options.ts'
import { until } from '../support/marquee.ts'
import { freePort, startRedis, type TestRedis } from '../support/redis.ts'
import { removeFolder } from '../support/remove-folder.ts'

const run = promisify(execFile)

/** After the tests of the file, whatever they still close: the last that was started goes first. */
const endings: (() => Promise<unknown>)[] = []
after(async () => {
  for (const end of endings.reverse()) await end()
})

/** A folder that is gone after the tests of the file. */
export async function folderOfFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'marquee-kinds-'))
  endings.push(() => removeFolder(folder))
  return folder
}

/** Asks a server something over a connection of its own. */
export async function ask<T>(port: number, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: 3 })
  try {
    return await question(redis)
  } finally {
    redis.disconnect()
  }
}

/** One server behind TLS, a unix socket and a user of its own, each with its address. */
export async function startGuarded(prefix: string) {
  const folder = await folderOfFile()
  const authority = await makeCertificates(folder)
  const tlsPort = await freePort()
  const socket = join(folder, 'redis.sock')
  const file = (name: string) => join(folder, name)
  const server = await startRedis([
    ...['--tls-port', `${tlsPort}`, '--tls-ca-cert-file', authority],
    ...['--tls-cert-file', file('server.crt'), '--tls-key-file', file('server.key')],
    ...['--unixsocket', socket],
  ])
  endings.push(() => server.stop())
  await ask(server.port, async (redis) => {
    const may = ['on', '>p@ss word', `~${prefix}:*`, '+@all', '-@dangerous', '+info', '+config|get']
    await redis.acl('SETUSER', 'films', ...may)
  })
  const login = `films:${encodeURIComponent('p@ss word')}`
  const redisTls: RedisTls = { ca: authority, cert: file('client.crt'), key: file('client.key') }
  return {
    server,
    tls: { redisUrl: `rediss://localhost:${tlsPort}`, redisTls },
    user: { redisUrl: `redis://${login}@127.0.0.1:${server.port}/0` },
    socket: { redisUrl: `unix://${socket}` },
  }
}

/** An authority, and what it has signed for a server and for a client; the authority's file. */
async function makeCertificates(folder: string): Promise<string> {
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder })
  const key = (name: string) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`]
  await openssl(...['req', '-x509', ...key('ca'), '-subj', '/CN=Test CA', '-out', 'ca.crt'])
  await writeFile(join(folder, 'names'), 'subjectAltName=DNS:localhost')
  for (const name of ['server', 'client']) {
    await openssl(...['req', ...key(name), '-subj', `/CN=${name}`, '-out', `${name}.csr`])
    const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names']
    await openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-out', `${name}.crt`)
  }
  return join(folder, 'ca.crt')
}

/** A master, a replica of it and a Sentinel that makes the one master when the other is gone. */
export async function startSentinel() {
  const folder = await folderOfFile()
  const master = await startRedis()
  const replica = await startRedis(['--replicaof', `127.0.0.1 ${master.port}`])
  const file = join(folder, 'sentinel.conf')
  const settings = [
    `sentinel monitor films 127.0.0.1 ${master.port} 1`,
    'sentinel down-after-milliseconds films 60000',
    'sentinel failover-timeout films 3000',
  ]
  await writeFile(file, `${settings.join('\n')}\n`)
  const sentinel = await startRedis([file, '--sentinel'])
  for (const server of [master, replica, sentinel]) endings.push(() => server.stop())
  await ask(sentinel.port, (redis) =>
    until(
      async () => ((await redis.call('SENTINEL', 'REPLICAS', 'films')) as unknown[]).length === 1,
    ),
  )
  /** Until then a master that is slow, as on a busy machine, must not be taken for one that is gone. */
  const killMaster = async () => {
    await ask(sentinel.port, (redis) =>
      redis.call('SENTINEL', 'SET', 'films', 'down-after-milliseconds', 500),
    )
    await master.kill()
  }
  // The first Sentinel that is named is not there.
  const redisUrl = `redis+sentinel://127.0.0.1:1,127.0.0.1:${sentinel.port}/films/0`
  return { master, replica, sentinel, redisUrl, killMaster }
}

/** A cluster of three masters, or of one alone; at an address of this machine, loopback unless told. */
export async function startCluster(size: 1 | 3 = 3, host = '127.0.0.1') {
  const open = [
    '--bind',
    '127.0.0.1',
    host,
    '--protected-mode',
    'no',
    '--cluster-announce-ip',
    host,
  ]
  const settings = [
    ...['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'],
    ...(host === '127.0.0.1' ? [] : open),
  ]
  const nodes = await Promise.all(Array.from({ length: size }, () => startRedis(settings)))
  for (const node of nodes) endings.push(() => node.stop())
  const addresses = nodes.map(({ port }) => `${host}:${port}`)
  if (size === 3) await run('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes'])
  await ask(nodes[0]!.port, async (redis) => {
    if (size === 1) await redis.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383)
    await until(async () => /cluster_state:ok/.test(`${await redis.cluster('INFO')}`))
  })
  /** The node that has a key. */
  const ownerOf = async (key: string): Promise<TestRedis> => {
    const port = await ask(nodes[0]!.port, async (redis) => {
      const slot = Number(await redis.cluster('KEYSLOT', key))
      const ranges = (await redis.cluster('SLOTS')) as unknown as [
        number,
        number,
        [string, number],
      ][]
      return ranges.find(([first, last]) => first <= slot && slot <= last)![2][1]
    })
    return nodes.find((node) => node.port === port)!
  }
  return { nodes, redisUrl: `redis://${addresses[0]}`, ownerOf }
}
