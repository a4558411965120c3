import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse } from 'yaml'
import { createProgram } from '../src/cli/program.ts'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const dockerfiles = [
  'docker/Dockerfile',
  'docker/worker-gpu.Dockerfile',
  'docker/worker-webgpu.Dockerfile',
]
const compose = parse(read('docker-compose.yml'), { merge: true })

/** The instructions, with continued lines joined. */
const instructions = (path: string) =>
  read(path)
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))

for (const path of dockerfiles) {
  test(`${path} copies only files that exist and reach the build`, () => {
    const allowed = read('.dockerignore').split('\n')
    for (const line of instructions(path)) {
      const [word, ...parts] = line.split(/\s+/)
      if (word !== 'COPY' || parts[0]?.startsWith('--from')) continue
      for (const source of parts.slice(0, -1)) {
        assert.ok(existsSync(new URL(`../${source}`, import.meta.url)), `${source} is there`)
        assert.ok(allowed.includes(`!${source.replace('./', '')}`), `${source} is not ignored`)
      }
    }
  })

  test(`${path} builds in stages, drops root and starts node itself`, () => {
    const lines = instructions(path)
    assert.ok(lines.filter((line) => line.startsWith('FROM ')).length >= 2)
    assert.ok(lines.includes('USER node'))
    assert.match(lines.at(-1) ?? '', /^CMD \["node", "dist\/cli\.js", "(serve|work)"\]$/)
  })

  test(`${path} runs only npm scripts that package.json has`, () => {
    const scripts = JSON.parse(read('package.json')).scripts
    for (const line of instructions(path))
      for (const [, name = ''] of line.matchAll(/npm run (\S+)/g)) assert.ok(name in scripts, name)
  })
}

test('what the image runs is what the build of src/cli.ts writes', () => {
  const { compilerOptions } = JSON.parse(read('tsconfig.build.json'))
  assert.equal(compilerOptions.rootDir, 'src')
  assert.equal(compilerOptions.outDir, 'dist')
  assert.ok(existsSync(new URL('../src/cli.ts', import.meta.url)))
})

test('compose runs commands of marquee on images that it builds', () => {
  const commands = createProgram().commands.map((known) => known.name())
  for (const name of ['api', 'worker', 'worker-gpu', 'worker-webgpu']) {
    const { command, build } = compose.services[name]
    assert.deepEqual(command.slice(0, 2), ['node', 'dist/cli.js'])
    assert.ok(commands.includes(command[2]), command[2])
    assert.ok(dockerfiles.includes(build.dockerfile))
  }
})

test('compose keeps Redis and the store on volumes, and Redis never evicts or forgets', () => {
  const { redis, api, worker } = compose.services
  for (const { volumes } of [redis, api, worker])
    for (const volume of volumes) assert.ok(volume.split(':')[0] in compose.volumes, volume)
  assert.deepEqual(api.volumes, worker.volumes)
  assert.match(redis.command.join(' '), /--appendonly yes --maxmemory-policy noeviction/)
})

test('compose waits for a healthy Redis, probes the API and asks for keys', () => {
  const { redis, api, worker } = compose.services
  assert.ok(redis.healthcheck && api.healthcheck)
  assert.equal(worker.depends_on.redis.condition, 'service_healthy')
  assert.match(api.environment.MARQUEE_API_KEYS, /^\$\{MARQUEE_API_KEYS:\?/)
  assert.equal(api.environment.REDIS_URL, 'redis://redis:6379')
})

test('each GPU worker is there only with its profile', () => {
  for (const profile of ['gpu', 'webgpu']) {
    const worker = compose.services[`worker-${profile}`]
    assert.deepEqual(worker.profiles, [profile])
    const [device] = worker.deploy.resources.reservations.devices
    assert.ok(device.capabilities.includes('gpu'))
  }
})
