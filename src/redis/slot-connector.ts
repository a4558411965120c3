import { connect as connectPlain, Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { AbstractConnector, type RedisOptions } from 'ioredis'
import type { RedisNode } from './address.ts'
import { askNode } from './ask-node.ts'
import type { ConnectOptions } from './options.ts'

/**
 * The way to the node of a Redis Cluster that has a key, for a plain connection. All keys of Marquee
 * are in one slot, as its scripts want it, so they are on one node: to it goes every command,
 * blocking ones and questions about the server, too, and where the slot has moved, `MOVED` makes the
 * connection begin anew. A server that is no cluster is the node itself.
 */
export function slotConnector(
  key: string,
  seeds: readonly RedisNode[],
  options: ConnectOptions,
): NonNullable<RedisOptions['Connector']> {
  const { db: _, ...plain } = options
  /** Whom to ask, whoever answered last first. */
  let known = seeds
  const ownerOf = async (): Promise<RedisNode> => {
    let reason: unknown
    for (const node of known)
      try {
        const { owner, masters } = await askForOwner(key, node, { ...plain, ...node })
        known = withoutTwins([node, ...seeds, ...masters])
        return owner
      } catch (error) {
        reason = error
      }
    throw reason
  }

  return class SlotConnector extends AbstractConnector {
    constructor(given: unknown) {
      super((given as { disconnectTimeout: number }).disconnectTimeout)
    }

    async connect(): Promise<Socket> {
      this.connecting = true
      // Where it throws ioredis gives up for good; a stream that is gone makes it try again.
      const stream = await ownerOf().then(
        (owner) => (this.connecting ? open(owner, options) : broken()),
        (error: Error) => {
          this.firstError = error
          return broken()
        },
      )
      stream.once('error', (error) => {
        this.firstError = error
      })
      this.stream = stream
      return stream
    }
  }
}

function open({ host, port }: RedisNode, { tls }: ConnectOptions): Socket {
  return tls ? connectTls({ ...tls, host, port }) : connectPlain({ host, port })
}

function broken(): Socket {
  return new Socket().destroy()
}

type SlotRange = [first: number, last: number, master: [host: string | null, port: number]]

/** The node that has the key, and all that have any, as this node knows it. */
async function askForOwner(key: string, asked: RedisNode, options: ConnectOptions) {
  return askNode(options, async (redis) => {
    try {
      const slot = await redis.cluster('KEYSLOT', key)
      const ranges = (await redis.cluster('SLOTS')) as unknown as SlotRange[]
      const masterOf = ([, , [host, port]]: SlotRange): RedisNode => {
        // Of a node that does not know its own name the cluster tells none.
        return { host: host === null || host === '' ? asked.host : host, port }
      }
      const range = ranges.find(([first, last]) => first <= slot && slot <= last)
      if (!range) throw new Error('CLUSTERDOWN Hash slot not served')
      return { owner: masterOf(range), masters: ranges.map(masterOf) }
    } catch (error) {
      if (isNoCluster(error)) return { owner: asked, masters: [] }
      throw error
    }
  })
}

/** Whether it is the answer of a server that is no cluster. */
export function isNoCluster(error: unknown): boolean {
  return /cluster support disabled|unknown command/i.test((error as Error).message)
}

function withoutTwins(nodes: readonly RedisNode[]): RedisNode[] {
  return [...new Map(nodes.map((node) => [`${node.host} ${node.port}`, node])).values()]
}
