import { execFileSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'

const root = new URL('../../', import.meta.url)

/** The program as it is installed: compiled, in a folder that is not in the way of anything. */
export function build(into: string): string {
  const tsc = new URL('node_modules/.bin/tsc', root).pathname
  execFileSync(tsc, ['-p', 'tsconfig.build.json', '--outDir', into], { cwd: root })
  for (const file of [
    'numeric/kernels/kernels.wasm',
    'numeric/kernels/thread.mjs',
    'numeric/parallel/thread.mjs',
  ])
    cpSync(new URL(`src/${file}`, root), join(into, file))
  cpSync(new URL('src/console/built', root), join(into, 'console/built'), { recursive: true })
  for (const file of ['package.json', 'openapi.yaml', 'docs/examples.json'])
    cpSync(new URL(file, root), join(into, '..', file))
  return join(into, 'cli.js')
}
