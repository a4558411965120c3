import assert from 'node:assert/strict'
import { execSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse } from 'yaml'
import { createProgram } from '../src/cli/program.ts'
import { environment } from '../src/config.ts'
import { root } from './support/root.ts'

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
  assert.ok(existsSync(new URL('src/cli.ts', root)))
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
})

test('compose hands on from .env who may ask, and how much', () => {
  const names = Object.keys(environment.shape).filter((name) =>
    /TOKEN_SECRETS|CORS|_LIMIT_(?!BYTES)/.test(name),
  )
  assert.equal(names.length, 8)
  for (const name of names)
    assert.equal(compose.services.api.environment[name], `\${${name}:-}`, name)
})

test('no container of compose can become more than it is, or take all of the machine', () => {
  for (const [name, service] of Object.entries<Service>(compose.services)) {
    assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name)
    assert.deepEqual([service.cap_drop, service.read_only], [['ALL'], true], name)
    assert.equal('cap_add' in service || 'privileged' in service, false, name)
    assert.ok(service.pids_limit > 0, name)
    for (const mount of service.tmpfs ?? [])
      assert.ok(bytesOf(/:size=(\w+)/.exec(mount)?.[1]) < bytesOf(service.mem_limit), name)
    assert.ok(bytesOf(service.mem_limit) > 0, name)
  }
  const { command, mem_limit, user } = compose.services.redis
  assert.equal(user, 'redis')
  const most = bytesOf(command[command.indexOf('--maxmemory') + 1])
  assert.ok(most > 0 && 2 * most <= bytesOf(mem_limit))
})

type Others = { build?: object; environment: Record<string, string> }

type Service = {
  security_opt: string[]
  cap_drop: string[]
  read_only: boolean
  pids_limit: number
  tmpfs?: string[]
  mem_limit: string
}

/** The bytes that "2g", "1gb" or "${NAME:-8g}" stand for; NaN for anything else. */
function bytesOf(text = ''): number {
  const [, count, unit] = /^(?:\$\{\w+:-)?(\d+)([mg])b?\}?$/.exec(text) ?? []
  return Number(count) * 1_024 ** (unit === 'g' ? 3 : 2)
}

test('compose lets nobody come to Redis without the password, which is in no file', () => {
  const { redis, ...others } = compose.services
  const asked = /^\$\{REDIS_PASSWORD:\?.+\}$/
  const { command, environment, healthcheck, ports } = redis
  assert.match(command[command.indexOf('--requirepass') + 1], asked)
  assert.match(environment.REDISCLI_AUTH, /^\$\{REDIS_PASSWORD\}$/)
  // redis-cli ends with 0 where it is refused.
  assert.match(healthcheck.test[1], /grep -q PONG/)
  assert.equal(ports, undefined)
  for (const { build, environment } of Object.values<Others>(others)) {
    if (build)
      assert.match(
        environment['REDIS_URL'] ?? '',
        /^redis:\/\/:\$\{REDIS_PASSWORD:\?.+\}@redis:6379$/,
      )
    else assert.doesNotMatch(JSON.stringify(environment), /REDIS/)
  }
})

test('npm run sbom names all that the program runs with, at its versions', () => {
  const { scripts, dependencies } = JSON.parse(read('package.json'))
  const { packages } = JSON.parse(read('package-lock.json'))
  const command = scripts.sbom.replace(/ > sbom\.json$/, '')
  assert.notEqual(command, scripts.sbom)
  const { metadata, components } = JSON.parse(execSync(command, { cwd: root, encoding: 'utf8' }))
  assert.match(metadata.component['bom-ref'], /^marquee@/)
  const listed = new Map<string, string>(
    components.map(({ name, group, version }: Record<string, string>) => [
      group ? `${group}/${name}` : name,
      version,
    ]),
  )
  for (const name of Object.keys(dependencies))
    assert.equal(listed.get(name), packages[`node_modules/${name}`].version, name)
  // What is bundled into the console is in no folder of packages any more.
  const bundled = [...read('src/console/built/LICENSES.txt').matchAll(/^(\S+) ([\d.]+), \S+$/gm)]
  assert.ok(bundled.length > 0)
  for (const [, name, version] of bundled) assert.equal(listed.get(name!), version, name)
  assert.equal(listed.has('typescript'), false)
})

test('each GPU worker is there only with its profile', () => {
  for (const profile of ['gpu', 'webgpu']) {
    const worker = compose.services[`worker-${profile}`]
    assert.deepEqual(worker.profiles, [profile])
    const [device] = worker.deploy.resources.reservations.devices
    assert.ok(device.capabilities.includes('gpu'))
  }
})

test('the profile observability is of this machine alone, and reads files and services that are there', () => {
  const { prometheus, grafana } = compose.services
  for (const { profiles, volumes, ports } of [prometheus, grafana]) {
    assert.deepEqual(profiles, ['observability'])
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:/)
    for (const volume of volumes) {
      const [from] = volume.split(':')
      if (from.startsWith('./')) assert.ok(existsSync(new URL(`../${from}`, import.meta.url)), from)
      else assert.ok(from in compose.volumes, from)
    }
  }
  const { scrape_configs: jobs, rule_files: rules } = parse(
    read('docker/observability/prometheus.yml'),
  )
  for (const file of rules)
    assert.ok(existsSync(new URL(`../docker/observability/${file}`, import.meta.url)), file)
  const port = Number(compose.services.worker.environment.MARQUEE_WORKER_PORT)
  for (const { job_name, dns_sd_configs, authorization } of jobs) {
    const [{ names, port: asked }] = dns_sd_configs
    for (const name of names) assert.equal(compose.services[name].command[2], job_name)
    assert.equal(asked, job_name === 'serve' ? 3_000 : port)
    if (authorization)
      assert.ok(prometheus.command[0].includes(`> ${authorization.credentials_file} `))
  }
})
