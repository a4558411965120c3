import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { entityTag, isAmong } from '../out/entity-tag.ts'

const file = new URL('../../../openapi.yaml', import.meta.url)
const program = new URL(`./json-thread${extname(import.meta.url)}`, import.meta.url).href

const types = {
  yaml: 'application/x-yaml',
  json: 'application/json; charset=utf-8',
} as const
export type DocumentFormat = keyof typeof types

type Made = { readonly bytes: Buffer; readonly packed: Buffer; readonly tag: string }

/**
 * Sends the API's description, openapi.yaml as it ships or the same as JSON. To make either of the
 * routes, or one of the other, would hold up the event loop for a tenth of a second and more: so the
 * file is read, turned by a thread and packed once, when it is first asked for.
 */
export function createDocuments() {
  const made = new Map<DocumentFormat, Promise<Made>>()
  const documentOf = (format: DocumentFormat): Promise<Made> => {
    const known = made.get(format)
    if (known !== undefined) return known
    const one = make(format)
    made.set(format, one)
    one.catch(() => made.delete(format))
    return one
  }
  return async (format: DocumentFormat, request: FastifyRequest, reply: FastifyReply) => {
    const { bytes, packed, tag } = await documentOf(format)
    const takesPacked = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(
      String(request.headers['accept-encoding'] ?? ''),
    )
    const vary = [reply.getHeader('vary'), 'accept-encoding'].filter((name) => name !== undefined)
    void reply.header('vary', vary.join(', ')).header('cache-control', 'no-cache')
    void reply.header('etag', takesPacked ? `W/${tag}` : tag)
    if (isAmong(tag, request.headers['if-none-match'])) return reply.code(304).send()
    void reply.type(types[format])
    return takesPacked ? reply.header('content-encoding', 'gzip').send(packed) : reply.send(bytes)
  }
}

async function make(format: DocumentFormat): Promise<Made> {
  const yaml = await readFile(file)
  const bytes = format === 'yaml' ? yaml : await asJson(yaml)
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  return { bytes, packed: await promisify(gzip)(bytes), tag: entityTag(digest) }
}

async function asJson(yaml: Buffer): Promise<Buffer> {
  const thread = new Worker(new URL('../../numeric/parallel/thread.mjs', import.meta.url), {
    workerData: { program, yaml: yaml.toString() },
    execArgv: [],
  })
  const ended = once(thread, 'exit').then(() => {
    throw new Error('The thread that makes the document has ended before it.')
  })
  const [json] = (await Promise.race([once(thread, 'message'), ended])) as [Uint8Array]
  return Buffer.from(json.buffer, json.byteOffset, json.byteLength)
}
