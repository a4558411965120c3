// Takes more than 15 s: the package is built, as before it is published.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { temporaryFolder } from './storage/bodies.ts'
import { environmentOf, otherVersions } from './support/node-versions.ts'
import { root as checkout } from './support/root.ts'

const run = promisify(execFile)
const root = fileURLToPath(checkout)

test('the package that npm pack makes runs in an empty folder', async (t) => {
  const folder = await temporaryFolder(t)
  const { files } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const source = join(folder, 'source')
  // Beside the checkout, whose processes would take what is being built for themselves.
  for (const name of [
    'src',
    'clients',
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    ...files,
  ])
    if (name !== 'dist') await cp(join(root, name), join(source, name), { recursive: true })
  await symlink(join(root, 'node_modules'), join(source, 'node_modules'))
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: source,
  })
  const [{ filename, files: packed }] = JSON.parse(stdout.slice(stdout.indexOf('[')))
  const names: string[] = packed.map(({ path }: { path: string }) => path)
  assert.deepEqual(
    names.filter((name) => /^(src|clients|test|bench|node_modules)\//.test(name)),
    [],
  )
  assert.ok(names.includes('dist/console/built/index.html'))

  await run('tar', ['-xzf', join(folder, filename), '-C', folder])
  const installed = join(folder, 'package')
  await symlink(join(root, 'node_modules'), join(installed, 'node_modules'))
  const empty = join(folder, 'empty')
  await mkdir(empty)
  const marquee = (...args: string[]) => run(join(installed, 'bin/marquee'), args, { cwd: empty })
  await marquee('generate', '--out', 'ratings.csv', '--ratings', '2000')
  const few = ['--set', 'epochs=1', '--set', 'ranking=null']
  const ofRatings = ['--ratings', 'ratings.csv', '--algorithm', 'dot-bias', ...few]
  const { stdout: figures } = await marquee('evaluate', ...ofRatings)
  assert.match(figures, /^dot-bias +simd\/wasm +\d\.\d{4} /m)
  const sample = join(installed, 'sample/ml-latest-small-2016.zip')
  const listed = await marquee('evaluate', '--ratings', sample, '--json', ...ofRatings.slice(2))
  const { rmse } = JSON.parse(listed.stdout).results[0]
  assert.ok(rmse < 1)

  for (const version of otherVersions)
    await t.test(`on Node ${version} it gives the same figures`, async (t) => {
      const env = await environmentOf(version)
      if (typeof env === 'string') return t.skip(env)
      const again = ['evaluate', '--ratings', sample, '--json', ...ofRatings.slice(2)]
      const program = join(installed, 'bin/marquee')
      const { stdout } = await run(program, again, { cwd: empty, env })
      assert.equal(JSON.parse(stdout).results[0].rmse, rmse)
    })
})
