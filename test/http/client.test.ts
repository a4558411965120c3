import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { clientTypes } from '../../scripts/write-client-types.ts'
import { root } from '../support/root.ts'

const compiler = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root))

/** Lines of a client; true where they must compile. */
const lines: [code: string, isRight: boolean][] = [
  [`job({ algorithm: 'bayes' })`, true],
  [`job({ algorithm: 'dot-bias', epochs: 3 })`, true],
  [`job({ kind: 'train', algorithm: 'net', split: { valid: 0.1 }, ranking: null })`, true],
  [`job({ kind: 'find-rate', training: { algorithm: 'dot' } })`, true],
  [`job({ kind: 'tune', algorithm: 'net', trials: 20 })`, true],
  [
    `job({ kind: 'tune', algorithm: 'dot', trials: 3, space: { factors: { min: 5, max: 9 } } })`,
    true,
  ],
  [`predictions({ userId: '15', movieIds: ['318'] })`, true],
  [`recommendations({ ratings: [{ movieId: '318', rating: 5 }] })`, true],
  [`number(model.spec.seed + model.spec.split.valid + job1.attempts)`, true],
  [`if (model.spec.algorithm === 'dot') number(model.spec.batchSize)`, true],
  [`if (job1.kind === 'tune') number(job1.spec.innerValid + job1.result.trials.length)`, true],
  [`job({ algorithm: 'bays' })`, false],
  [`job({ algorithm: 'bayes', sweep: 3 })`, false],
  [`job({ algorithm: 'dot-bias', epochs: '3' })`, false],
  [`job({ kind: 'tune', algorithm: 'bayes', trials: 20 })`, false],
  [`job({ kind: 'find-rate' })`, false],
  [`predictions({ userId: 15, movieIds: ['318'] })`, false],
  [`recommendations({ ratings: [{ movieId: '318' }] })`, false],
  [`number(model.spec.seeds)`, false],
]
const head = `import type { components } from './api.ts'
type Schemas = components['schemas']
declare function job(request: Schemas['JobRequest']): void
declare function predictions(request: Schemas['PredictionRequest']): void
declare function recommendations(request: Schemas['RecommendationRequest']): void
declare function number(value: number): void
declare const model: Schemas['Model']
declare const job1: Schemas['TrainingJob']
`

test('the types of clients/typescript are those of openapi.yaml: they take what the service takes, and no more', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'marquee-client-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const types = await clientTypes(await readFile(new URL('openapi.yaml', root), 'utf8'))
  const kept = await readFile(new URL('clients/typescript/src/api.ts', root), 'utf8')
  assert.equal(kept, types, '`npm run openapi` writes them')
  await writeFile(join(folder, 'api.ts'), types)
  const client = join(folder, 'client.ts')
  await writeFile(client, head + lines.map(([code]) => `${code}\n`).join(''))

  const errors = await compilerErrors(client)
  const first = head.split('\n').length
  for (const [i, [code, isRight]] of lines.entries())
    assert.equal(!errors.has(first + i), isRight, `${code}: ${errors.get(first + i) ?? 'compiles'}`)
})

/** What the compiler says of each line of the file that does not compile. */
async function compilerErrors(file: string): Promise<Map<number, string>> {
  const settings = ['--strict', '--noEmit', '--allowImportingTsExtensions', '--types', 'node']
  const module = ['--module', 'nodenext', '--target', 'es2023', '--ignoreConfig']
  const output = await new Promise<string>((resolve) => {
    const args = [compiler, ...settings, ...module, '--pretty', 'false', file]
    execFile(process.execPath, args, { cwd: fileURLToPath(root) }, (_, stdout) => resolve(stdout))
  })
  const found = output.matchAll(/^\S*client\.ts\((\d+),\d+\): error (.+)$/gm)
  return new Map([...found].map(([, line, message]) => [Number(line), message!]))
}
