import { spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { AwsClient } from 'aws4fetch'
import { until } from '../queue/queue-bench.ts'
import { temporaryFolder } from '../storage/bodies.ts'
import { freePort } from './redis.ts'

const program = createRequire(import.meta.url).resolve('s3rver/bin/s3rver.js')

/** What a fault does to the next request that it is asked about; one that is `late` is done after others. */
export type S3Trouble = 'refuse' | 'deny' | 'cut' | 'lose-answer' | 'twice' | 'slow' | 'late'

type Troubles = {
  next(request: IncomingMessage): S3Trouble | null
  /** Until then what is late has not come. */
  late(): Promise<unknown>
  /** Headers that answers lack. */
  hidden: readonly string[]
}

const slowMs = 50
const lateMs = 300

/** The credentials that the server takes. */
export const s3Environment = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' }

/**
 * A real S3 server on loopback with a bucket "films", behind a proxy that keeps the conditions of
 * writes and of reads, which this server ignores, and makes trouble where it is told to; the proxy
 * may have another address of this machine.
 */
export async function startS3(t: Pick<TestContext, 'after'>, host = '127.0.0.1') {
  const port = await freePort()
  const options = ['--silent', '--no-vhost-buckets', '--configure-bucket', 'films']
  const folder = await temporaryFolder(t)
  const at = ['-d', folder, '-a', '127.0.0.1', '-p', `${port}`]
  // In a process of its own: it takes what nobody catches for its own.
  const server = spawn(process.execPath, [program, ...at, ...options], { stdio: 'ignore' })
  const end = () => server.kill('SIGKILL')
  process.once('exit', end)
  t.after(() => {
    process.off('exit', end)
    end()
  })
  const plain = `http://127.0.0.1:${port}`
  await until(
    () =>
      fetch(plain).then(
        () => true,
        () => false,
      ),
    'the S3 server answers',
  )
  const trouble: Troubles = {
    next: () => null,
    late: () => sleep(lateMs),
    hidden: [],
  }
  const asked: string[] = []
  const proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    handle(request, response, port, trouble).catch(() => response.destroy())
  }).listen(0, host)
  await new Promise((resolve) => proxy.once('listening', resolve))
  t.after(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  const url = `http://${host}:${(proxy.address() as AddressInfo).port}`
  const locationAt = (endpoint: string, prefix = '') => `s3://films${prefix}?endpoint=${endpoint}`
  const location = locationAt(url, '/a/b')
  return { url, plain, folder, locationAt, location, trouble, asked }
}

/**
 * Requests that are about one first folder take turns, so that a condition holds until what it is of is
 * done; and the server trips over a folder that it removes with its last key while another key is put there.
 */
const turns = new Map<string, Promise<unknown>>()

/** The bucket and the first folder in it that a request is about. */
export function firstFolderOf({ url = '' }: IncomingMessage): string {
  const { pathname, searchParams } = new URL(url, 'http://any')
  const [, bucket = '', folder = ''] = pathname.split('/')
  return `${bucket}/${folder || searchParams.get('prefix')?.split('/')[0]}`
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  { next, late, hidden }: Troubles,
): Promise<void> {
  const trouble = next(request)
  const body = Buffer.concat(await request.toArray())
  if (trouble === 'refuse') return void response.writeHead(503).end()
  if (trouble === 'deny') return void response.writeHead(403).end()
  if (trouble === 'slow') await sleep(slowMs)
  if (trouble === 'late') {
    response.destroy()
    await late()
  }
  const path = request.url!.split('?')[0]!
  const folder = firstFolderOf(request)
  const before = turns.get(folder)
  const answered = (async () => {
    await before?.catch(() => {})
    const status = await refusedCondition(request, port, path)
    if (status !== null)
      return { status, headers: {} as IncomingMessage['headers'], body: errorOf(status) }
    if (trouble === 'twice') await forward(request, port, body)
    return forward(request, port, body)
  })()
  turns.set(folder, answered)
  const answer = await answered
  if (trouble === 'lose-answer') return void response.destroy()
  for (const name of hidden) delete answer.headers[name]
  response.writeHead(answer.status, answer.headers)
  if (trouble !== 'cut') return void response.end(answer.body)
  response.write(answer.body.subarray(0, answer.body.length / 2))
  setTimeout(() => response.destroy(), 10)
}

/** The status that says that a condition of the request does not hold; null where it does. */
async function refusedCondition({ headers, method }: IncomingMessage, port: number, path: string) {
  const absent = headers['if-none-match']
  const present = headers['if-match']
  if (absent === undefined && present === undefined && headers.range === undefined) return null
  const signer = new AwsClient({ accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', service: 's3' })
  const found = await signer.fetch(`http://127.0.0.1:${port}${path}`, { method: 'HEAD' })
  // The server breaks off where a range is asked of what is empty.
  if (headers.range !== undefined && found.headers.get('content-length') === '0') return 416
  if (absent === undefined && present === undefined) return null
  if (present !== undefined && !found.ok) return 404
  const tag = found.headers.get('etag')
  const holds = present === undefined ? !found.ok : tag === present
  return holds || method === 'HEAD' ? null : 412
}

function errorOf(status: number): Buffer {
  const code = status === 404 ? 'NoSuchKey' : 'PreconditionFailed'
  return Buffer.from(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`)
}

type Answer = { status: number; headers: IncomingMessage['headers']; body: Buffer }

function forward({ method, url, headers }: IncomingMessage, port: number, body: Buffer) {
  return new Promise<Answer>((resolve, reject) => {
    const sent = send({ port, host: '127.0.0.1', method, path: url, headers }, async (answer) => {
      const bytes = await answer.toArray().catch(reject)
      if (bytes)
        resolve({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(bytes) })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
