import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { TestContext } from 'node:test'

/** Addresses of this machine on the network of the hosts, and how a host is asked from outside. */
export const [outside, redisHost, storeHost] = ['10.77.0.1', '10.77.0.2', '10.77.0.3']
const bridge = 'marquee0'
const linkOf = (host: number) => `marquee-v${host}`
/** Nobody on the network has it. */
const nowhere = '02:00:00:00:00:99'

/** A host with an address of its own, on a network with the others and this machine. */
export type Host = {
  readonly address: string
  /** Starts a program there; what it writes is in `output()`. It is killed after the test. */
  start(command: readonly string[], env: Record<string, string>): { output(): string }
  /** From now on nothing that it sends to these addresses arrives: whoever waits is not told. */
  cutOff(addresses: readonly string[]): void
  heal(): void
}

const ip = (...args: string[]) => execFileSync('ip', args, { stdio: 'pipe' })

/** Why hosts cannot be made here; null where they can. */
export function whyNoHosts(): string | null {
  try {
    ip('netns', 'add', 'marquee-try')
    ip('netns', 'del', 'marquee-try')
    return null
  } catch {
    return "needs Linux, root and Debian's iproute2"
  }
}

/** Network namespaces, joined by a bridge (ip-netns(8)); they go after the test. */
export function openHosts(t: TestContext, count: number): Host[] {
  const names = Array.from({ length: count }, (_, i) => `marquee-${i}`)
  const remove = () => {
    const links = [bridge, ...names.map((_, i) => linkOf(i))].map((link) => `ip link del ${link}`)
    const spaces = names.map((name) => `ip netns del ${name}`)
    execFileSync('sh', ['-c', `(${[...links, ...spaces].join('; ')}) 2>/dev/null; true`])
  }
  remove()
  t.after(remove)
  ip('link', 'add', bridge, 'type', 'bridge')
  for (const address of [outside, redisHost, storeHost])
    ip('addr', 'add', `${address}/24`, 'dev', bridge)
  ip('link', 'set', bridge, 'up')
  return names.map((name, i) => {
    const address = `10.77.0.${i + 11}`
    const inside = (...args: string[]) => ip('-n', name, ...args)
    ip('netns', 'add', name)
    ip('link', 'add', linkOf(i), 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name)
    ip('link', 'set', linkOf(i), 'master', bridge, 'up')
    inside('addr', 'add', `${address}/24`, 'dev', 'eth0')
    for (const device of ['lo', 'eth0']) inside('link', 'set', device, 'up')
    let cut: readonly string[] = []
    return {
      address,
      start(command, env) {
        const child = spawn('ip', ['netns', 'exec', name, ...command], {
          env: { ...process.env, ...env },
          stdio: ['ignore', 'pipe', 'pipe'],
        })
        let output = ''
        for (const stream of [child.stdout, child.stderr])
          stream.setEncoding('utf8').on('data', (text: string) => {
            output += text
          })
        const ended = once(child, 'close')
        t.after(async () => {
          child.kill('SIGKILL')
          await ended
        })
        return { output: () => output }
      },
      cutOff(addresses) {
        cut = addresses
        for (const to of cut)
          inside('neigh', 'replace', to, 'lladdr', nowhere, 'dev', 'eth0', 'nud', 'permanent')
      },
      heal() {
        for (const to of cut) inside('neigh', 'del', to, 'dev', 'eth0')
        cut = []
      },
    }
  })
}
