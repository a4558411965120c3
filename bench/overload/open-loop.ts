import { Agent, request } from 'node:http'

export type Call = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: string
}

/** What became of a call: the status, 0 where there was no answer in time, and milliseconds. */
export type Outcome = { readonly call: Call; readonly status: number; readonly ms: number }

const mostMs = 10_000

/** Sends one call; never rejects. */
export function send(base: string, agent: Agent, call: Call): Promise<Outcome> {
  return new Promise((resolve) => {
    const begin = performance.now()
    const end = (status: number) => resolve({ call, status, ms: performance.now() - begin })
    const { method, path, body } = call
    const headers = body === undefined ? {} : { 'content-type': 'application/json' }
    const asked = request(base + path, { method, agent, headers, timeout: mostMs }, (response) => {
      response.resume()
      response.once('end', () => end(response.statusCode!))
      response.once('error', () => end(0))
    })
    asked.once('timeout', () => asked.destroy())
    asked.once('error', () => end(0))
    asked.end(body)
  })
}

/** Some callers that each ask again as soon as they are answered. */
export async function closedLoop(
  base: string,
  calls: () => Call,
  { callers, seconds }: { callers: number; seconds: number },
): Promise<Outcome[]> {
  const agent = new Agent({ keepAlive: true })
  const outcomes: Outcome[] = []
  const until = performance.now() + 1_000 * seconds
  const caller = async () => {
    while (performance.now() < until) outcomes.push(await send(base, agent, calls()))
  }
  await Promise.all(Array.from({ length: callers }, caller))
  agent.destroy()
  return outcomes
}

/** Calls at a rate, whether the ones before are answered or not. */
export async function openLoop(
  base: string,
  calls: () => Call,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<Outcome[]> {
  const agent = new Agent({ keepAlive: true })
  const sent: Promise<Outcome>[] = []
  const begin = performance.now()
  while (performance.now() < begin + 1_000 * seconds) {
    const due = (rate * (performance.now() - begin)) / 1_000
    while (sent.length < due) sent.push(send(base, agent, calls()))
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  const outcomes = await Promise.all(sent)
  agent.destroy()
  return outcomes
}
