import { Agent, request } from 'node:http'
import autocannon from 'autocannon'

const connections = 10
const json = { 'content-type': 'application/json' }

/** What is asked in turn: paths to get, or a body to post to them, or put. */
export type Question = {
  readonly paths: readonly string[]
  readonly body?: string
  readonly method?: 'PUT'
}
export type LoadFigures = { rps: number; p50: number; p99: number; failed: number }

/** Ten connections that ask again as soon as they are answered. */
export async function load(base: string, { paths, body, ...given }: Question, seconds: number) {
  const method = given.method ?? (body === undefined ? 'GET' : 'POST')
  const result = await autocannon({
    url: base,
    connections,
    duration: seconds,
    requests: paths.map((path) => {
      return { method, path, ...(body !== undefined && { body, headers: json }) }
    }),
  })
  return {
    rps: result.requests.total / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.errors + result.timeouts + result.non2xx,
  } satisfies LoadFigures
}

/** The same until `until` resolves, with latencies in fractions of milliseconds. */
export async function loadUntil(base: string, paths: readonly string[], until: Promise<void>) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const latencies: number[] = []
  let failed = 0
  let isOver = false
  let next = 0
  const ask = () =>
    new Promise<void>((resolve) => {
      const begin = performance.now()
      const end = (isGood: boolean) => {
        if (isGood) latencies.push(performance.now() - begin)
        else failed += 1
        resolve()
      }
      request(base + paths[next++ % paths.length], { agent }, (response) => {
        response.resume()
        response.once('end', () => end(response.statusCode === 200))
        response.once('error', () => end(false))
      })
        .once('error', () => end(false))
        .end()
    })
  const connection = async () => {
    while (!isOver) await ask()
  }
  const all = Promise.all(Array.from({ length: connections }, connection))
  await until
  isOver = true
  await all
  agent.destroy()
  latencies.sort((a, b) => a - b)
  const quantile = (share: number) => latencies[Math.floor(share * latencies.length)] ?? Number.NaN
  return { requests: latencies.length, p50: quantile(0.5), p99: quantile(0.99), failed }
}
