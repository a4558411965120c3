import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { parse } from 'yaml'
import { openApiYaml } from '../../scripts/write-openapi.ts'
import { listen, openApp } from '../support/app.ts'

const written = await readFile(new URL('../../openapi.yaml', import.meta.url), 'utf8')
type Operation = Record<string, unknown> & {
  operationId?: string
  summary?: string
  tags?: string[]
  security?: unknown[]
  responses: Record<string, { description?: string }>
  parameters?: { $ref?: string; description?: string }[]
}
const document = parse(written) as {
  security: unknown[]
  info: { version: string }
  servers: { url: string }[]
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, { description?: string }>>
}
const packageJson = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
)

/** What a reference within the document refers to. */
function shared({ $ref = '' }: { $ref?: string }) {
  const [, kind = '', name = ''] = /^#\/components\/(\w+)\/(\w+)$/.exec($ref) ?? []
  return document.components[kind]?.[name]
}

test('openapi.yaml is what the routes say; `npm run openapi` writes it', async () => {
  assert.equal(written, await openApiYaml())
})

test('the server gives the same document', async (t) => {
  const { call } = await openApp(t)
  const { status, body } = await call('GET /openapi.json')
  assert.equal(status, 200)
  assert.deepEqual(body, document)
})

test('it is a valid OpenAPI 3.1 document by the recommended rules of Redocly', async () => {
  const config = await createConfig({ extends: ['recommended'] })
  const problems = await lintFromString({ source: written, absoluteRef: 'openapi.yaml', config })
  assert.deepEqual(
    problems.map(({ ruleId, message }) => `${ruleId}: ${message}`),
    [],
  )
})

test('every operation says what it is, who may call it and how it fails', () => {
  assert.ok(operations.length >= 20)
  for (const { name, operation } of operations) {
    for (const key of ['operationId', 'summary', 'tags']) assert.ok(operation[key], name)
    for (const parameter of operation.parameters ?? [])
      assert.ok(parameter.description ?? shared(parameter)?.description, name)
    const statuses = Object.keys(operation.responses)
    assert.ok(statuses.includes('400') && statuses.includes('500'), name)
    const needsKey = (operation.security ?? document.security).length > 0
    assert.equal(statuses.includes('401'), needsKey, name)
  }
})

test('it tells nothing of the machine that wrote it, and its version is that of the package', () => {
  assert.doesNotMatch(written, /\/(work|home|tmp|root|Users)\//)
  const { servers, info } = document
  assert.deepEqual(
    servers.map(({ url }) => url),
    ['/'],
  )
  assert.equal(info.version, JSON.parse(packageJson).version)
})

test('it names what it repeats: at most 250 kB, in an order of its own', () => {
  const sizeBytes = Buffer.byteLength(written)
  assert.ok(sizeBytes <= 250_000, `${sizeBytes} bytes`)
  for (const [kind, components] of Object.entries(document.components))
    if (kind !== 'securitySchemes') {
      const names = Object.keys(components)
      assert.deepEqual(
        names,
        names.toSorted((a, b) => (a < b ? -1 : 1)),
        kind,
      )
    }
  for (const { name, operation } of operations)
    for (const [status, response] of Object.entries(operation.responses))
      if (status.startsWith('4') || status === '500') assert.ok('$ref' in response, name)
})

test('the documentation pages come from this server alone and obey their own policy', async (t) => {
  const { call } = await openApp(t)
  const page = await call('GET /docs/')
  assert.equal(page.status, 200)
  assert.doesNotMatch(page.text, /(src|href)="(https?:)?\/\//)
  assert.doesNotMatch(page.text, /<script>|<script [^>]*>\s*[^<\s]|<style>| on\w+=/)
  const policy = String(page.headers['content-security-policy'])
  assert.match(policy, /default-src 'none'/)
  assert.doesNotMatch(policy, /https?:|\.io|upgrade-insecure-requests|unsafe-eval/)
  for (const [, path] of page.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
    const url = new URL(path!, 'http://localhost/docs/')
    assert.equal((await call(`GET ${url.pathname}`)).status, 200, path)
  }
  const start = await call('GET /docs/static/swagger-initializer.js')
  assert.match(start.text, /"validatorUrl":"none"/)
  assert.deepEqual((await call('GET /docs/json')).body, document)
})

test('the documents are made once, and a client that has them is told so', async (t) => {
  const { app, call } = await openApp(t)
  const base = await listen(app)
  for (const path of ['/openapi.json', '/docs/json', '/docs/yaml']) {
    const first = await call(`GET ${path}`)
    const again = await call(`GET ${path}`)
    assert.equal(again.text, first.text, path)
    assert.equal(again.headers['content-type'], first.headers['content-type'])
    const tag = String(first.headers['etag'])
    assert.match(tag, /^"[0-9a-f]{16}"$/)
    assert.equal(again.headers['etag'], tag)
    const known = await call(`GET ${path}`, { headers: { 'if-none-match': tag } })
    assert.deepEqual([known.status, known.text], [304, ''])
    const answers = ['br, gzip', 'gzip;q=0'].map(async (encodings) => {
      const answer = await fetch(base + path, { headers: { 'accept-encoding': encodings } })
      assert.equal(await answer.text(), first.text, path)
      assert.equal(answer.headers.get('vary'), 'accept-encoding')
      return [answer.headers.get('content-encoding'), answer.headers.get('etag')]
    })
    assert.deepEqual(await Promise.all(answers), [
      ['gzip', `W/${tag}`],
      [null, tag],
    ])
  }
  assert.equal((await call('GET /docs/yaml')).text, written)
})
