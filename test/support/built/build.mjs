import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { builtFolder, folders, root } from './place.mjs'

// Strips the types of all sources and tests beforehand: with tsx, each of the some three hundred
// processes of a run of all tests spends half a second on a compiler of its own.
const sources = folders.flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true })
    .map((path) => `${folder}/${path}`)
    .filter((path) => path.endsWith('.ts') && !path.includes('/assembly/')),
)
await build({
  entryPoints: sources,
  absWorkingDir: fileURLToPath(root),
  outbase: '.',
  outdir: fileURLToPath(builtFolder),
  format: 'esm',
  target: 'node20.19',
  sourcemap: 'inline',
})
