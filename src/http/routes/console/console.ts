import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { MarqueeError } from '../../../errors.ts'
import type { App } from '../../app-type.ts'
import { entityTag, isAmong } from '../../out/entity-tag.ts'

const folder = new URL('../../../console/built/', import.meta.url)
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
}

/** Nothing of other hosts, nothing inline, in no frame. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

type File = { readonly bytes: Buffer; readonly type: string; readonly tag: string }

/**
 * The console, to which `/` leads: files for everybody, whose script asks the API for all it shows, with
 * the key of whoever looks at it. Every address below it that is no file is its page, which shows what
 * the address says.
 */
export function consoleRoutes(app: App): void {
  const options = { config: { access: 'anyone' } as object, schema: { hide: true } }
  let files: Promise<ReadonlyMap<string, File>> | null = null
  const send = async (request: FastifyRequest, reply: FastifyReply, name: string) => {
    files ??= readFiles()
    const file = (await files).get(name)
    if (!file) throw new MarqueeError('not-found', `The console has no file ${name}.`)
    const isPage = name === 'index.html'
    if (isPage) reply.header('content-security-policy', policy)
    // Assets have a hash of their content in their names.
    const keeps = name.startsWith('assets/')
    reply.header('cache-control', keeps ? 'public, max-age=31536000, immutable' : 'no-cache')
    reply.header('etag', file.tag)
    if (isAmong(file.tag, request.headers['if-none-match'])) return reply.code(304).send()
    return reply.type(file.type).send(file.bytes)
  }
  app.get('/', options, (_, reply) => reply.redirect('/console'))
  app.get('/console', options, (request, reply) => send(request, reply, 'index.html'))
  app.get<{ Params: { '*': string } }>('/console/*', options, (request, reply) => {
    const { '*': path } = request.params
    const isFile = path.startsWith('assets/') || path === 'LICENSES.txt'
    return send(request, reply, isFile ? path : 'index.html')
  })
}

/** What `npm run console` built, by the paths below `/console/`; nothing where it was not built. */
async function readFiles(): Promise<ReadonlyMap<string, File>> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const files = names.flatMap((name) => {
    const type = types[extname(name)]
    return type === undefined
      ? []
      : [readFile(new URL(name, folder)).then((bytes) => ({ name, type, bytes }))]
  })
  const read = await Promise.all(files)
  return new Map(
    read.map(({ name, type, bytes }) => {
      const tag = entityTag(createHash('sha256').update(bytes).digest('hex').slice(0, 16))
      return [name, { bytes, type, tag }] as const
    }),
  )
}
