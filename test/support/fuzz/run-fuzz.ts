import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { brotliDecompressSync, unzipSync } from 'node:zlib'
import type { Files } from './bodies.ts'
import { type Answer, checkAnswer } from './check-answer.ts'
import { operations } from './document.ts'
import type { Pools } from './pools.ts'
import { type FuzzRequest, makeRequest } from './requests.ts'

const callers = 4
/** An answer that has not ended by then is a failure; a stream of events is left sooner. */
const mostWaitMs = 30_000
const streamMs = 300
/** What an answer is read of, so that the test itself stays small. */
const mostBytes = 32 * 1024 ** 2

export type FuzzOptions = {
  readonly base: string
  readonly pools: Pools
  readonly files: Files
  readonly seed: number
  readonly requests: number
  /** The process that answers, to look at its memory. */
  readonly pid?: number
  /** True where the machine may have other things to do: then late is not wrong, nor is `overloaded`. */
  readonly isBusy?: boolean
  /** What no answer may tell, as the folder of the store. */
  readonly secrets?: readonly string[]
  readonly log?: (line: string) => void
}
export type FuzzReport = {
  readonly requests: number
  readonly seconds: number
  readonly worstMs: number
  /** By operation and status, how many answers. */
  readonly statuses: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Resident megabytes of the process, a hundred times over the run. */
  readonly memory: readonly number[]
  /** A sentence each, with the request that can be sent again. */
  readonly violations: readonly string[]
}

/** Sends requests made from `openapi.yaml` and checks each answer against it. */
export async function runFuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { base, pools, files, seed, requests, pid, secrets = [], isBusy = false, log } = options
  const agent = new Agent({ keepAlive: true })
  const begin = performance.now()
  const statuses: Record<string, Record<string, number>> = {}
  const violations: string[] = []
  const memory: number[] = []
  const mostMs = isBusy ? Number.POSITIVE_INFINITY : undefined
  let worstMs = 0
  let next = 0
  const caller = async () => {
    for (let number = next++; number < requests; number = next++) {
      const asked = makeRequest(operations, pools, files, { seed, number })
      const answer = await send(base, agent, asked)
      worstMs = Math.max(worstMs, answer.ms)
      statuses[asked.operation.id] ??= {}
      const counts = statuses[asked.operation.id]!
      counts[answer.status] = (counts[answer.status] ?? 0) + 1
      const found = isBusy && isForHaste(answer) ? [] : checkAnswer(asked, answer, secrets, mostMs)
      for (const wrong of found) {
        violations.push(`request ${number} of seed ${seed}, ${told(asked)}: ${wrong}`)
        log?.(violations.at(-1)!)
      }
      pools.learn(asked.operation, answer)
      if (pid !== undefined && number % Math.ceil(requests / 100) === 0) memory.push(megabytes(pid))
      if (number % 5_000 === 4_999) log?.(`${number + 1} requests, ${violations.length} violations`)
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  agent.destroy()
  const seconds = (performance.now() - begin) / 1_000
  return { requests, seconds, worstMs, statuses, memory, violations }
}

/** Whether it was refused as something did not come in time. */
function isForHaste({ status, body }: Answer): boolean {
  return status === 503 && /"code":"(overloaded|queue-unavailable|log-unavailable)"/.test(`${body}`)
}

/** The request as a person would send it again. */
function told({ operation, level, method, path, headers, body }: FuzzRequest): string {
  const short = (text: string) => (text.length > 300 ? `${text.slice(0, 300)}…` : text)
  const text = body === null ? '' : ` ${short(JSON.stringify(body.toString('latin1')))}`
  const shown = headers.length > 0 ? ` ${short(JSON.stringify(headers))}` : ''
  return `${level} ${operation.id}, ${method} ${short(path)}${shown}${text}`
}

/** Sends one, again where it went into a connection that the server was just closing. */
async function send(base: string, agent: Agent, asked: FuzzRequest): Promise<Answer> {
  const answer = await sendOnce(base, agent, asked)
  return answer.fault === 'closed before' ? sendOnce(base, agent, asked) : answer
}

/** Never rejects. */
function sendOnce(base: string, agent: Agent, asked: FuzzRequest): Promise<Answer> {
  const { method, path, headers, body } = asked
  const { hostname, port, host } = new URL(base)
  const hasBody = body !== null || /^P/.test(method)
  const length = hasBody ? ['content-length', String(body?.length ?? 0)] : []
  return new Promise((resolve) => {
    const begin = performance.now()
    const chunks: Buffer[] = []
    const end = (status: number, headers: Answer['headers'], isCut = false, fault = '') => {
      clearTimeout(timer)
      const ms = performance.now() - begin
      const bytes = Buffer.concat(chunks)
      const body = isCut ? bytes : unpacked(bytes, headers['content-encoding'])
      resolve({ status, headers, body, ms, isCut, fault })
    }
    const fail = (fault: string) => end(0, {}, false, fault)
    const options = { hostname, port, agent, method, path: sendable(path) }
    const all = ['host', host, 'connection', 'keep-alive', ...length, ...headers]
    const sent = request({ ...options, headers: all }, (answer) => {
      const { statusCode: status = 0, headers: given } = answer
      const isStream = given['content-type']?.startsWith('text/event-stream')
      let bytes = 0
      const cut = () => {
        // The time up to here is ours.
        end(status, given, true)
        sent.destroy()
      }
      if (isStream) setTimeout(cut, streamMs).unref()
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes < mostBytes) chunks.push(chunk)
        else cut()
      })
      answer.once('end', () => end(status, given))
      answer.once('error', (error) => fail(`cut after ${bytes} bytes: ${error.message}`))
    })
    const timer = setTimeout(() => sent.destroy(new Error('too late')), mostWaitMs)
    sent.once('error', (error) => {
      const isClosing = sent.reusedSocket && 'code' in error && error.code === 'ECONNRESET'
      fail(isClosing ? 'closed before' : error.message)
    })
    sent.end(body ?? undefined)
  })
}

/** The body as it was before it was compressed for the way. */
function unpacked(bytes: Buffer, encoding: string | string[] | undefined): Buffer {
  if (bytes.length === 0) return bytes
  if (encoding === 'br') return brotliDecompressSync(bytes)
  return encoding === 'gzip' || encoding === 'deflate' ? unzipSync(bytes) : bytes
}

/** Node sends no spaces or characters beyond Latin 1 in an address. */
function sendable(path: string): string {
  return path.replaceAll(/[^\x21-\x7e]/g, '?')
}

function megabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1_024
}
