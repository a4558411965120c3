// The types are checked by the compiler, for a second or two: a schema alone lets a misspelt field pass.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parse, parseAllDocuments } from 'yaml'
import { readConfig } from '../src/config.ts'
import { root as checkout } from './support/root.ts'

const root = fileURLToPath(checkout)
const folder = join(root, 'deploy/kubernetes')
const read = (path: string) => readFileSync(join(folder, path), 'utf8')

type Container = {
  name: string
  image: string
  command: string[]
  env: { name: string; value?: string; valueFrom?: { secretKeyRef?: { key: string } } }[]
  ports: { name: string; containerPort: number }[]
  resources: { limits: Record<string, string> }
  [probe: `${string}Probe`]: { httpGet: { path: string; port: string } }
}
type Manifest = {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string }
  stringData?: Record<string, string>
  spec: {
    selector: { matchLabels: object }
    minReplicas: number
    minAvailable: number
    template: {
      metadata: { labels: object }
      spec: { terminationGracePeriodSeconds: number; containers: [Container] }
    }
  }
}
const files = ['base', 'gpu'].flatMap((part) =>
  readdirSync(join(folder, part))
    .filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
    .map((name) => `${part}/${name}`),
)
const all = files.flatMap((file) =>
  parseAllDocuments(read(file)).map((document) => ({
    file,
    manifest: document.toJS() as Manifest,
  })),
)
const find = (kind: string, name: string) =>
  all.find(({ manifest }) => manifest.kind === kind && manifest.metadata.name === name)!.manifest
const workloads = ['serve', 'work', 'work-gpu'].map((name) => find('Deployment', name))

/** The module of kubernetes-models that has a kind. */
const moduleOf = ({ apiVersion, kind }: Manifest) => {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
  return ['kubernetes-models', group, version, kind].filter((part) => part !== '').join('/')
}

test('every manifest is what the schemas of Kubernetes ask for', async () => {
  assert.ok(all.length >= 8)
  for (const { file, manifest } of all) {
    const module = await import(moduleOf(manifest))
    const Model = module[manifest.kind]
    assert.doesNotThrow(() => new Model(manifest).validate(), `${file}, ${manifest.kind}`)
  }
  const broken = structuredClone(find('HorizontalPodAutoscaler', 'serve'))
  Object.assign(broken.spec, { minReplicas: 'two' })
  const { HorizontalPodAutoscaler } = await import(moduleOf(broken))
  assert.throws(() => new HorizontalPodAutoscaler(broken).validate())
})

test('no manifest has a field that Kubernetes does not know', async (t) => {
  const place = await mkdtemp(join(root, 'node_modules/.manifests-'))
  t.after(() => rm(place, { recursive: true, force: true }))
  const lines = all.map(({ file, manifest }, i) => {
    const { kind } = manifest
    const text = JSON.stringify(manifest)
    return `// ${file}\nimport type { I${kind} as I${i} } from '${moduleOf(manifest)}'\nexport const m${i}: I${i} = ${text}`
  })
  const typo = lines.join('\n').replace('"readinessProbe"', '"readinesProbe"')
  const check = async (text: string) => {
    await writeFile(join(place, 'manifests.ts'), text)
    const options = [
      '--noEmit',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--strict',
      '--ignoreConfig',
    ]
    const tsc = join(root, 'node_modules/.bin/tsc')
    return execFileSync(tsc, [...options, join(place, 'manifests.ts')], { encoding: 'utf8' })
  }
  await check(lines.join('\n'))
  await assert.rejects(check(typo), ({ stdout }: { stdout: string }) =>
    stdout.includes('readinesProbe'),
  )
})

test('kustomizations name files that are there, and images that are used', () => {
  const images = new Set<string>()
  for (const part of ['base', 'gpu']) {
    const {
      resources,
      configMapGenerator = [],
      images: own,
    } = parse(read(`${part}/kustomization.yaml`))
    for (const path of [
      ...resources,
      ...configMapGenerator.flatMap(({ envs }: { envs: string[] }) => envs),
    ])
      assert.ok(existsSync(join(folder, part, path)), path)
    for (const { name } of own) images.add(name)
  }
  assert.deepEqual(
    new Set(workloads.map(({ spec }) => spec.template.spec.containers[0].image)),
    images,
  )
})

test('each workload has variables that there are, secrets that are filled in, probes and a memory limit', () => {
  const secret = find('Secret', 'marquee').stringData ?? {}
  const lines = read('base/marquee.env')
    .split('\n')
    .filter((line) => /^\w+=/.test(line))
  const common = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)))
  for (const { spec, metadata } of workloads) {
    const [container] = spec.template.spec.containers
    assert.deepEqual(spec.selector.matchLabels, spec.template.metadata.labels, metadata.name)
    assert.deepEqual(container.command.slice(0, 2), ['node', 'dist/cli.js'])
    const own = container.env.filter(({ name }) => !name.startsWith('NVIDIA_'))
    const given = own.map(({ name, value, valueFrom }) => {
      const { key } = valueFrom?.secretKeyRef ?? {}
      if (key !== undefined) assert.ok(key in secret, key)
      return [name, value ?? secret[key!]!] as const
    })
    const config = readConfig({ ...common, ...Object.fromEntries(given) })
    const graceMs = 1_000 * spec.template.spec.terminationGracePeriodSeconds
    const isServe = container.command[2] === 'serve'
    assert.ok(graceMs > (isServe ? config.MARQUEE_DRAIN_MS + 10_000 : config.MARQUEE_CHECKPOINT_MS))
    const port = isServe ? config.PORT : config.MARQUEE_WORKER_PORT
    assert.deepEqual(
      container.ports.map(({ containerPort }) => containerPort),
      [port],
    )
    for (const [probe, path] of [
      ['startupProbe', '/health/live'],
      ['livenessProbe', '/health/live'],
      ['readinessProbe', '/health/ready'],
    ] as const)
      assert.deepEqual(container[probe]?.httpGet, { path, port: container.ports[0]!.name })
    assert.match(container.resources.limits['memory'] ?? '', /^\dGi$/)
  }
  assert.ok(
    find('HorizontalPodAutoscaler', 'serve').spec.minReplicas >
      find('PodDisruptionBudget', 'serve').spec.minAvailable,
  )
})

test('what runs in an image listens on all its addresses, where probes reach it', () => {
  const images = readdirSync(join(root, 'docker')).filter((name) => name.endsWith('Dockerfile'))
  assert.ok(images.length >= 3)
  for (const image of images)
    assert.match(
      readFileSync(join(root, 'docker', image), 'utf8'),
      /^ENV .*\bHOST=0\.0\.0\.0\b/m,
      image,
    )
})
